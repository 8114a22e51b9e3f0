using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FitFlow.Data.Idempotency;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Data.Tests.Idempotency;

/// <summary>One house on each engine for all tests of the class: each test makes things of names that only it knows.</summary>
public sealed class KeyedHouses(RunningSystem system) : IAsyncLifetime
{
    private readonly Dictionary<Engine, KeyedHouse> _houses = [];

    internal KeyedHouse this[Engine engine] => _houses[engine];

    public async ValueTask InitializeAsync()
    {
        foreach (var engine in Enum.GetValues<Engine>()) _houses[engine] = await KeyedHouse.Start(system, engine);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var house in _houses.Values) await house.DisposeAsync();
    }
}

public sealed class IdempotentTests(RunningSystem system, KeyedHouses houses) : IClassFixture<KeyedHouses>, IAsyncLifetime
{
    private const string Replayed = "Idempotency-Replayed";

    private readonly KeyedHouse _house = houses[Engine.MySql];
    private readonly string _chair = $"chair {Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    private Person _ann = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _ann = await system.GivenSomebody();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory, OnEveryEngine]
    public async Task WhatIsSentTwiceIsDoneOnceAndAnsweredTheSame(Engine engine)
    {
        var (house, key, name) = (houses[engine], NewKey(), $"Zoë's <{_chair}>");

        var first = await house.Post(_ann, key, new { name });
        var second = await house.Post(_ann, key, new { name });

        first.ShouldBe(HttpStatusCode.Created);
        await ShouldBeAgain(first, second);
        Assert.Equal((1, 0, 1), await house.Count(name, key)); // The name is not written like that in the event.
    }

    [Fact]
    public async Task WithoutAKeyNothingIsKept()
    {
        (await _house.Post(_ann, key: null, new { name = _chair })).ShouldBe(HttpStatusCode.Created);
        await (await _house.Post(_ann, key: null, new { name = _chair })).ShouldBeProblem(HttpStatusCode.Conflict, "things.taken");
        Assert.Equal((1, 1, 0), await _house.Count(_chair, ""));
    }

    [Fact]
    public async Task ARefusalIsAnAnswerToo()
    {
        var key = NewKey();
        await _house.Post(_ann, key: null, new { name = _chair });
        var first = await _house.Post(_ann, key, new { name = _chair });
        await first.ShouldBeProblem(HttpStatusCode.Conflict, "things.taken");
        await _house.Database.Db.Global().Execute("DELETE FROM things WHERE name = @_chair", new { _chair }, Ct);

        await ShouldBeAgain(first, await _house.Post(_ann, key, new { name = _chair }));
        (await _house.Post(_ann, NewKey(), new { name = _chair })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task AnotherRequestUnderTheSameKeyIsRefused()
    {
        var studio = await system.GivenStudio();
        var key = NewKey();
        (await _house.Post(studio.Owner, key, new { name = _chair }, "/things/a", studio.Id)).ShouldBe(HttpStatusCode.Created);
        var other = await system.GivenStudio();
        var both = await other.Admit(studio.Owner, Role.Trainer);

        await Refused(await _house.Post(studio.Owner, key, new { name = $"table, no {_chair}" }, "/things/a", studio.Id));
        await Refused(await _house.Post(studio.Owner, key, new { name = _chair }, "/things/b", studio.Id));
        await Refused(await _house.Post(studio.Owner, key, new { name = _chair }, "/things/a?again", studio.Id));
        await Refused(await _house.Post(both, key, new { name = _chair }, "/things/a", other.Id));
        Assert.Equal((1, 1, 1), await _house.Count(_chair, key));

        static Task Refused(HttpResponseMessage answer) => answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency.key_reused");
    }

    [Fact]
    public async Task AKeyIsOnePersonsAndOneRoutes()
    {
        var studio = await system.GivenStudio();
        var key = NewKey();

        (await _house.Post(_ann, key, new { name = $"one {_chair}" })).ShouldBe(HttpStatusCode.Created);
        (await _house.Post(studio.Owner, key, new { name = $"two {_chair}" })).ShouldBe(HttpStatusCode.Created);
        (await _house.Post(studio.Owner, key, new { name = $"three {_chair}" }, "/things/a", studio.Id)).ShouldBe(HttpStatusCode.Created);
        // As a collation would not see it.
        (await _house.Post(_ann, key.ToUpperInvariant() + " ", new { name = $"four {_chair}" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task OfTwentyAtOnceOneIsDone()
    {
        var key = NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _house.Post(_ann, key, new { name = _chair })));

        Assert.Equal((1, 1, 1), await _house.Count(_chair, key));
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await answer.ShouldBeProblem(HttpStatusCode.Conflict, "idempotency.in_flight");
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        }

        var made = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Append(await _house.Post(_ann, key, new { name = _chair }));
        await ShouldBeOneAnswer([.. made]);
    }

    [Fact]
    public async Task OfTwentyAtOnceOneIsDoneAlsoWithoutRedis()
    {
        await using var house = await GivenHouseWithoutRedis();
        var key = NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Post(_ann, key, new { name = _chair })));

        Assert.Equal((1, 1, 1), await house.Count(_chair, key));
        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.Created));
        await ShouldBeOneAnswer(answers);
    }

    [Fact]
    public async Task OfTwoUnderOneKeyWithoutRedisTheLaterOneIsRefused()
    {
        await using var house = await GivenHouseWithoutRedis();
        var (key, late, began, goOn) = (NewKey(), $"late {_chair}", new TaskCompletionSource(), new TaskCompletionSource());
        house.Before[late] = () => Wait(began, goOn);
        var answer = house.Post(_ann, key, new { name = late });
        await began.Task.WaitAsync(Ct);
        (await house.Post(_ann, key, new { name = _chair })).ShouldBe(HttpStatusCode.Created);
        goOn.SetResult();

        await (await answer).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency.key_reused");
        Assert.Equal((0, 0, 1), await house.Count(late, key));
    }

    [Fact]
    public async Task WhileTheFirstIsAtItTheSecondIsToldToWait()
    {
        var (key, began, goOn) = (NewKey(), new TaskCompletionSource(), new TaskCompletionSource());
        _house.Before[_chair] = () => Wait(began, goOn);
        var first = _house.Post(_ann, key, new { name = _chair });
        await began.Task.WaitAsync(Ct);

        await (await _house.Post(_ann, key, new { name = _chair })).ShouldBeProblem(HttpStatusCode.Conflict, "idempotency.in_flight");

        goOn.SetResult();
        await ShouldBeAgain(await first, await _house.Post(_ann, key, new { name = _chair }));
    }

    /// As when the process dies right after its commit, with its claim in Redis.
    [Fact]
    public async Task WhatIsCommittedIsTheAnswerEvenIfNobodyCouldHearIt()
    {
        var (key, began, goOn) = (NewKey(), new TaskCompletionSource(), new TaskCompletionSource());
        _house.After[_chair] = async () =>
        {
            await Wait(began, goOn);
            throw new InvalidOperationException("The process dies.");
        };
        var unheard = _house.Post(_ann, key, new { name = _chair });
        await began.Task.WaitAsync(Ct);

        var second = await _house.Post(_ann, key, new { name = _chair });

        second.ShouldBe(HttpStatusCode.Created);
        Assert.Contains(Replayed, second.Headers.Select(header => header.Key));
        goOn.SetResult();
        (await unheard).ShouldBe(HttpStatusCode.InternalServerError);
        Assert.Equal((1, 1, 1), await _house.Count(_chair, key));
    }

    /// As when the process dies before its commit.
    [Fact]
    public async Task TheClaimOfWhoDiedAtItEndsByItself()
    {
        var key = NewKey();
        var redis = _house.Services.GetRequiredService<Redis>();
        var claim = _house.Services.GetRequiredService<Claims>().KeyOf(_ann.Id, "POST /things", key);
        await redis.Set(claim, Encoding.ASCII.GetBytes("the dead"), TimeSpan.FromSeconds(60), ct: Ct);
        await (await _house.Post(_ann, key, new { name = _chair })).ShouldBeProblem(HttpStatusCode.Conflict, "idempotency.in_flight");

        await redis.Remove(claim, Ct);
        (await _house.Post(_ann, key, new { name = _chair })).ShouldBe(HttpStatusCode.Created);
        Assert.Null(await redis.Get(claim, Ct));
    }

    [Fact]
    public async Task WhatIsRolledBackKeepsNothing()
    {
        var key = NewKey();
        _house.During[_chair] = () => throw new InvalidOperationException("Not today.");
        (await _house.Post(_ann, key, new { name = _chair })).ShouldBe(HttpStatusCode.InternalServerError);
        Assert.Equal((0, 0, 0), await _house.Count(_chair, key));

        _house.During.TryRemove(_chair, out _);
        var again = await _house.Post(_ann, key, new { name = _chair });
        again.ShouldBe(HttpStatusCode.Created);
        Assert.DoesNotContain(Replayed, again.Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task WhatIsRefusedBeforeAnythingIsDoneIsNotKept()
    {
        var key = NewKey();
        await (await _house.Post(_ann, key, new { name = "" })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        _house.Before[_chair] = () => throw new DependencyDownException("training");
        await (await _house.Post(_ann, key, new { name = _chair })).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable");
        _house.Before.TryRemove(_chair, out _);

        (await _house.Post(_ann, key, new { name = _chair })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task AFaultIsNoAnswer()
    {
        var key = NewKey();
        for (var i = 0; i < 2; i++)
            await (await _house.Post(_ann, key, new { name = $"storm {_chair}" })).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable");
        Assert.Equal((0, 0, 0), await _house.Count(_chair, key));
    }

    [Fact]
    public async Task WorkThatIsRunAgainAfterADeadlockIsAnsweredOnce()
    {
        var (key, runs) = (NewKey(), 0);
        _house.During[_chair] = () => Interlocked.Increment(ref runs) == 1 ? throw new LockConflict(new InvalidOperationException()) : Task.CompletedTask;

        var first = await _house.Post(_ann, key, new { name = _chair });

        first.ShouldBe(HttpStatusCode.Created);
        Assert.Equal((2, (1, 1, 1)), (runs, await _house.Count(_chair, key)));
        await ShouldBeAgain(first, await _house.Post(_ann, key, new { name = _chair }));
    }

    [Fact]
    public async Task ATransactionMaySayTheAnswerBesidesItsResult()
    {
        var key = NewKey();
        _house.After[_chair] = () => throw new InvalidOperationException("The process dies.");
        (await _house.Post(_ann, key, new { name = _chair }, "/things-by-steps")).ShouldBe(HttpStatusCode.InternalServerError);

        var second = await _house.Post(_ann, key, new { name = _chair }, "/things-by-steps");

        second.ShouldBe(HttpStatusCode.Created);
        Assert.Equal((1, 1, 1), await _house.Count(_chair, key));
        await ShouldBeOneAnswer([second, await _house.Post(_ann, key, new { name = _chair }, "/things-by-steps")], firsts: 0);
    }

    [Fact]
    public async Task ARefusalThatNoTransactionDecidedIsKeptToo()
    {
        var key = NewKey();
        await _house.Post(_ann, key: null, new { name = _chair });
        var first = await _house.Post(_ann, key, new { name = _chair }, "/things-by-steps");
        await first.ShouldBeProblem(HttpStatusCode.Conflict, "things.taken");

        await ShouldBeAgain(first, await _house.Post(_ann, key, new { name = _chair }, "/things-by-steps"));
    }

    /// Both see their own thing in the way, as if it were another's.
    [Fact]
    public async Task WhoIsRefusedBecauseOfTheFirstIsToldWhatTheFirstWasTold()
    {
        await using var house = await GivenHouseWithoutRedis();
        var (key, began, goOn) = (NewKey(), new TaskCompletionSource(), new TaskCompletionSource());
        house.Before[_chair] = () => Wait(began, goOn);
        var late = house.Post(_ann, key, new { name = _chair }, "/things-by-steps");
        await began.Task.WaitAsync(Ct);
        house.Before.TryRemove(_chair, out _);
        var first = await house.Post(_ann, key, new { name = _chair }, "/things-by-steps");
        goOn.SetResult();

        await ShouldBeAgain(first, await late);
        first.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task WhatNoTransactionAnsweredIsKeptAfterwards()
    {
        var key = NewKey();
        var first = await _house.Post(_ann, key, new { name = _chair }, "/carelessly");

        await ShouldBeAgain(first, await _house.Post(_ann, key, new { name = _chair }, "/carelessly"));
        Assert.Equal((1, 1, 1), await _house.Count(_chair, key));
    }

    [Fact]
    public async Task TheDescriptionTellsOfTheKey()
    {
        using var http = new HttpClient();
        var description = await http.GetFromJsonAsync<JsonElement>(new Uri(_house.Address, "/openapi/v1.json"), Ct);

        var parameters = description.GetProperty("paths").GetProperty("/things").GetProperty("post").GetProperty("parameters").EnumerateArray();
        Assert.Contains(parameters, parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    public async Task AKeyIsPrintableAscii(string key) =>
        await (await _house.Post(_ann, key, new { name = _chair })).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency.key_invalid");

    [Fact]
    public async Task AKeyHas255CharactersAtMost()
    {
        (await _house.Post(_ann, new string('k', 255), new { name = _chair })).ShouldBe(HttpStatusCode.Created);
        await (await _house.Post(_ann, new string('k', 256), new { name = $"table, no {_chair}" })).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency.key_invalid");
    }

    [Fact]
    public async Task AnswersAreKeptForADay()
    {
        var (old, young) = (NewKey(), NewKey());
        foreach (var key in new[] { old, young }) (await _house.Post(_ann, key, new { name = $"{key} {_chair}" })).ShouldBe(HttpStatusCode.Created);
        await Age(old, SweepAnswers.Keep + TimeSpan.FromMinutes(1));
        await Age(young, SweepAnswers.Keep - TimeSpan.FromMinutes(1));
        var sweep = ActivatorUtilities.CreateInstance<SweepAnswers>(_house.Services);

        Assert.Equal(1, await sweep.Sweep(Ct));

        Assert.Contains(Replayed, (await _house.Post(_ann, young, new { name = $"{young} {_chair}" })).Headers.Select(header => header.Key));
        await (await _house.Post(_ann, old, new { name = $"{old} {_chair}" })).ShouldBeProblem(HttpStatusCode.Conflict, "things.taken");

        Task Age(string key, TimeSpan age) => _house.Database.Db.Global().Execute(
            "UPDATE idempotency_keys SET created_at = @Then WHERE request_key = @Key", new { key, Then = TimeProvider.System.GetUtcNow() - age }, Ct);
    }

    private static string NewKey() => $"key-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";

    private static Task Wait(TaskCompletionSource began, TaskCompletionSource goOn)
    {
        began.TrySetResult();
        return goOn.Task;
    }

    private async Task<KeyedHouse> GivenHouseWithoutRedis()
    {
        var house = await KeyedHouse.Start(system, Engine.MySql);
        house.RedisCable.Cut();
        return house;
    }

    /// <summary>One was done, and all others are told what that was.</summary>
    private static async Task ShouldBeOneAnswer(IReadOnlyList<HttpResponseMessage> answers, int firsts = 1)
    {
        Assert.Equal(firsts, answers.Count(answer => !answer.Headers.Contains(Replayed)));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync(Ct)))).Distinct());
    }

    private static async Task ShouldBeAgain(HttpResponseMessage first, HttpResponseMessage second)
    {
        Assert.Equal(first.StatusCode, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(Ct), await second.Content.ReadAsByteArrayAsync(Ct));
        Assert.DoesNotContain(Replayed, first.Headers.Select(header => header.Key));
        Assert.Equal(["true"], second.Headers.GetValues(Replayed));
    }
}
