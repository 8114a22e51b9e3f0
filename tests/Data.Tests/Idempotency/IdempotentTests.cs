using System.Net;
using System.Text;
using FitFlow.Data.Idempotency;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Data.Tests.Idempotency;

public sealed class IdempotentTests(RunningSystem system) : IAsyncLifetime
{
    private const string Replayed = "Idempotency-Replayed";

    private KeyedHouse _house = null!;
    private Person _ann = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _house = await KeyedHouse.Start(system);
        _ann = await system.GivenSomebody();
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Theory, OnEveryEngine]
    public async Task WhatIsSentTwiceIsDoneOnceAndAnsweredTheSame(Engine engine)
    {
        await using var house = await KeyedHouse.Start(system, engine);
        var key = NewKey();

        var first = await house.Post(_ann, key, new { name = "Zoë's <chair>" });
        var second = await house.Post(_ann, key, new { name = "Zoë's <chair>" });

        first.ShouldBe(HttpStatusCode.Created);
        await ShouldBeAgain(first, second);
        Assert.Equal((1, 1, 1), (await house.Count("Zoë's <chair>"), await house.Events(), await house.Kept()));
    }

    [Fact]
    public async Task WithoutAKeyNothingIsKept()
    {
        (await _house.Post(_ann, key: null, new { name = "chair" })).ShouldBe(HttpStatusCode.Created);
        await (await _house.Post(_ann, key: null, new { name = "chair" })).ShouldBeProblem(HttpStatusCode.Conflict, "things.taken");
        Assert.Equal(0, await _house.Kept());
    }

    [Fact]
    public async Task ARefusalIsAnAnswerToo()
    {
        var key = NewKey();
        await _house.Post(_ann, key: null, new { name = "chair" });
        var first = await _house.Post(_ann, key, new { name = "chair" });
        await first.ShouldBeProblem(HttpStatusCode.Conflict, "things.taken");
        await _house.Database.Db.Global().Execute("DELETE FROM things", Ct);

        await ShouldBeAgain(first, await _house.Post(_ann, key, new { name = "chair" }));
        (await _house.Post(_ann, NewKey(), new { name = "chair" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task AnotherRequestUnderTheSameKeyIsRefused()
    {
        var studio = await system.GivenStudio();
        var key = NewKey();
        (await _house.Post(studio.Owner, key, new { name = "chair" }, "/things/a", studio.Id)).ShouldBe(HttpStatusCode.Created);
        var other = await system.GivenStudio();
        var both = await other.Admit(studio.Owner, Role.Trainer);

        await Refused(await _house.Post(studio.Owner, key, new { name = "table" }, "/things/a", studio.Id));
        await Refused(await _house.Post(studio.Owner, key, new { name = "chair" }, "/things/b", studio.Id));
        await Refused(await _house.Post(studio.Owner, key, new { name = "chair" }, "/things/a?again", studio.Id));
        await Refused(await _house.Post(both, key, new { name = "chair" }, "/things/a", other.Id));
        Assert.Equal(1, await _house.Kept());

        static Task Refused(HttpResponseMessage answer) => answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency.key_reused");
    }

    [Fact]
    public async Task AKeyIsOnePersonsAndOneRoutes()
    {
        var studio = await system.GivenStudio();
        var key = NewKey();

        (await _house.Post(_ann, key, new { name = "one" })).ShouldBe(HttpStatusCode.Created);
        (await _house.Post(studio.Owner, key, new { name = "two" })).ShouldBe(HttpStatusCode.Created);
        (await _house.Post(studio.Owner, key, new { name = "three" }, "/things/a", studio.Id)).ShouldBe(HttpStatusCode.Created);
        // As a collation would not see it.
        (await _house.Post(_ann, key.ToUpperInvariant() + " ", new { name = "four" })).ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OfTwentyAtOnceOneIsDone(bool withoutRedis)
    {
        if (withoutRedis) _house.RedisCable.Cut();
        var key = NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _house.Post(_ann, key, new { name = "chair" })));

        Assert.Equal((1, 1, 1), (await _house.Count("chair"), await _house.Events(), await _house.Kept()));
        var made = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).ToList();
        Assert.Single((await Task.WhenAll(made.Select(answer => answer.Content.ReadAsStringAsync(Ct)))).Distinct());
        Assert.Single(made, answer => !answer.Headers.Contains(Replayed));
        foreach (var answer in answers.Except(made))
        {
            await answer.ShouldBeProblem(HttpStatusCode.Conflict, "idempotency.in_flight");
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        }

        if (withoutRedis) Assert.Equal(20, made.Count);
        (await _house.Post(_ann, key, new { name = "chair" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task OfTwoUnderOneKeyWithoutRedisTheLaterOneIsRefused()
    {
        _house.RedisCable.Cut();
        var (key, began, goOn) = (NewKey(), new TaskCompletionSource(), new TaskCompletionSource());
        _house.Before["late"] = () => Wait(began, goOn);
        var late = _house.Post(_ann, key, new { name = "late" });
        await began.Task.WaitAsync(Ct);
        (await _house.Post(_ann, key, new { name = "early" })).ShouldBe(HttpStatusCode.Created);
        goOn.SetResult();

        await (await late).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency.key_reused");
        Assert.Equal((0, 1), (await _house.Count("late"), await _house.Events()));
    }

    [Fact]
    public async Task WhileTheFirstIsAtItTheSecondIsToldToWait()
    {
        var (key, began, goOn) = (NewKey(), new TaskCompletionSource(), new TaskCompletionSource());
        _house.Before["chair"] = () => Wait(began, goOn);
        var first = _house.Post(_ann, key, new { name = "chair" });
        await began.Task.WaitAsync(Ct);

        await (await _house.Post(_ann, key, new { name = "chair" })).ShouldBeProblem(HttpStatusCode.Conflict, "idempotency.in_flight");

        goOn.SetResult();
        await ShouldBeAgain(await first, await _house.Post(_ann, key, new { name = "chair" }));
    }

    /// As when the process dies right after its commit, with its claim in Redis.
    [Fact]
    public async Task WhatIsCommittedIsTheAnswerEvenIfNobodyCouldHearIt()
    {
        var (key, began, goOn) = (NewKey(), new TaskCompletionSource(), new TaskCompletionSource());
        _house.After["chair"] = async () =>
        {
            await Wait(began, goOn);
            throw new InvalidOperationException("The process dies.");
        };
        var unheard = _house.Post(_ann, key, new { name = "chair" });
        await began.Task.WaitAsync(Ct);

        var second = await _house.Post(_ann, key, new { name = "chair" });

        second.ShouldBe(HttpStatusCode.Created);
        Assert.Contains(Replayed, second.Headers.Select(header => header.Key));
        goOn.SetResult();
        (await unheard).ShouldBe(HttpStatusCode.InternalServerError);
        Assert.Equal(1, await _house.Count("chair"));
    }

    /// As when the process dies before its commit.
    [Fact]
    public async Task TheClaimOfWhoDiedAtItEndsByItself()
    {
        var key = NewKey();
        var redis = _house.Services.GetRequiredService<Redis>();
        var claim = Data.Idempotency.Idempotency.ClaimKey(_house.Services.GetRequiredService<ServiceName>(), _ann.Id, "POST /things", key);
        await redis.Set(claim, Encoding.ASCII.GetBytes("the dead"), TimeSpan.FromSeconds(60), ct: Ct);
        await (await _house.Post(_ann, key, new { name = "chair" })).ShouldBeProblem(HttpStatusCode.Conflict, "idempotency.in_flight");

        await redis.Remove(claim, Ct);
        (await _house.Post(_ann, key, new { name = "chair" })).ShouldBe(HttpStatusCode.Created);
        Assert.Null(await redis.Get(claim, Ct));
    }

    [Fact]
    public async Task WhatIsRolledBackKeepsNothing()
    {
        var key = NewKey();
        _house.During["chair"] = () => throw new InvalidOperationException("Not today.");
        (await _house.Post(_ann, key, new { name = "chair" })).ShouldBe(HttpStatusCode.InternalServerError);
        Assert.Equal((0, 0, 0), (await _house.Count("chair"), await _house.Events(), await _house.Kept()));

        _house.During.Clear();
        var again = await _house.Post(_ann, key, new { name = "chair" });
        again.ShouldBe(HttpStatusCode.Created);
        Assert.DoesNotContain(Replayed, again.Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task WhatIsRefusedBeforeAnythingIsDoneIsNotKept()
    {
        var key = NewKey();
        await (await _house.Post(_ann, key, new { name = "" })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        _house.Before["chair"] = () => throw new DependencyDownException("training");
        await (await _house.Post(_ann, key, new { name = "chair" })).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable");
        _house.Before.Clear();

        (await _house.Post(_ann, key, new { name = "chair" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task AFaultIsNoAnswer()
    {
        var key = NewKey();
        for (var i = 0; i < 2; i++)
            await (await _house.Post(_ann, key, new { name = "storm" })).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable");
        Assert.Equal(0, await _house.Kept());
    }

    [Fact]
    public async Task WorkThatIsRunAgainAfterADeadlockIsAnsweredOnce()
    {
        var (key, runs) = (NewKey(), 0);
        _house.During["chair"] = () => Interlocked.Increment(ref runs) == 1 ? throw new LockConflict(new InvalidOperationException()) : Task.CompletedTask;

        var first = await _house.Post(_ann, key, new { name = "chair" });

        first.ShouldBe(HttpStatusCode.Created);
        Assert.Equal((2, 1, 1, 1), (runs, await _house.Count("chair"), await _house.Events(), await _house.Kept()));
        await ShouldBeAgain(first, await _house.Post(_ann, key, new { name = "chair" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    public async Task AKeyIsPrintableAscii(string key) =>
        await (await _house.Post(_ann, key, new { name = "chair" })).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency.key_invalid");

    [Fact]
    public async Task AKeyHas255CharactersAtMost()
    {
        (await _house.Post(_ann, new string('k', 255), new { name = "chair" })).ShouldBe(HttpStatusCode.Created);
        await (await _house.Post(_ann, new string('k', 256), new { name = "table" })).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency.key_invalid");
    }

    [Fact]
    public async Task AnswersAreKeptForADay()
    {
        foreach (var name in new[] { "old", "young" }) (await _house.Post(_ann, $"key of {name}", new { name })).ShouldBe(HttpStatusCode.Created);
        await Age("key of old", SweepAnswers.Keep + TimeSpan.FromMinutes(1));
        await Age("key of young", SweepAnswers.Keep - TimeSpan.FromMinutes(1));
        var sweep = ActivatorUtilities.CreateInstance<SweepAnswers>(_house.Services);

        Assert.Equal(1, await sweep.Sweep(Ct));

        Assert.Contains(Replayed, (await _house.Post(_ann, "key of young", new { name = "young" })).Headers.Select(header => header.Key));
        await (await _house.Post(_ann, "key of old", new { name = "old" })).ShouldBeProblem(HttpStatusCode.Conflict, "things.taken");

        Task Age(string key, TimeSpan age) => _house.Database.Db.Global().Execute(
            "UPDATE idempotency_keys SET created_at = @Then WHERE request_key = @Key", new { key, Then = TimeProvider.System.GetUtcNow() - age }, Ct);
    }

    private static string NewKey() => $"key-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";

    private static Task Wait(TaskCompletionSource began, TaskCompletionSource goOn)
    {
        began.TrySetResult();
        return goOn.Task;
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
