using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

public sealed class ServiceTokensTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TrialIdentity _identity = null!;
    private TestService _people = null!;
    private TestService _service = null!;
    private string? _asked;

    private ServiceTokens Tokens => _service.App.Services.GetRequiredService<ServiceTokens>();

    public sealed class People(HttpClient http)
    {
        public async Task<string> Who() => await http.GetStringAsync("/who");
    }

    public sealed class Itself(HttpClient http)
    {
        public async Task<string> Who() => await http.GetStringAsync("/who-and-where");
    }

    public async ValueTask InitializeAsync()
    {
        _identity = await TrialIdentity.Start();
        _people = await TestService.Start(
            app =>
            {
                app.MapGet("/who", (Caller caller, HttpRequest request) =>
                {
                    _asked = request.Headers.Authorization;
                    return Results.Text(caller.Service ?? $"{caller.Id}");
                }).Allow(Role.Everyone).AllowServices("trial");
                app.MapGet("/who-and-where", (Caller caller, HttpRequest request) =>
                    $"{caller.Service} in {(request.Headers.ContainsKey("X-Studio-Id") ? "a" : "no")} studio").AllowServices("trial");
            },
            name: "people");
        _service = await Start(TrialIdentity.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _people.DisposeAsync();
        await _identity.DisposeAsync();
    }

    [Fact]
    public async Task OneIsFetchedForMany()
    {
        Tokens.Forget(await Tokens.Get(default));
        var before = _identity.Tokens;

        var tokens = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Tokens.Get(default).AsTask()));

        Assert.Single(tokens.Distinct());
        Assert.InRange(_identity.Tokens - before, 0, 1); // None if the feed of denials was quicker.
    }

    [Fact]
    public async Task ItIsRenewedBeforeItEndsAndNobodyWaitsForThat()
    {
        var first = await Tokens.Get(default);
        _clock.Advance(TimeSpan.FromSeconds(700));
        Assert.Equal(first, await Tokens.Get(default));

        _identity.Proxy.Cut();
        _clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(first, await Tokens.Get(default));

        _identity.Proxy.Restore();
        await Eventually.Holds(() => IsNew(first), "there is a new one");
    }

    [Fact]
    public async Task WhileIdentityIsAwayItIsUsedToItsEndAndThenThatIsSaid()
    {
        var first = await Tokens.Get(default);
        _identity.Proxy.Cut();
        _clock.Advance(TimeSpan.FromSeconds(860));
        Assert.Equal(first, await Tokens.Get(default));

        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("identity", (await Assert.ThrowsAsync<DependencyDownException>(() => Tokens.Get(default).AsTask())).Dependency);
        var problem = await (await _service.Get("/who")).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal("identity", problem.GetProperty("dependency").GetString());

        _identity.Proxy.Restore();
        await Eventually.Holds(() => IsNew(first), "there is a new one");
    }

    [Fact]
    public async Task AWrongSecretIsNotTriedAgainAndAgain()
    {
        await using var wrong = await Start("wrong");
        var tokens = wrong.App.Services.GetRequiredService<ServiceTokens>();
        await Assert.ThrowsAsync<DependencyDownException>(() => tokens.Get(default).AsTask());
        var tried = _identity.Tokens;

        for (var i = 0; i < 100; i++) await Assert.ThrowsAsync<DependencyDownException>(() => tokens.Get(default).AsTask());

        Assert.Equal(tried, _identity.Tokens);
    }

    [Fact]
    public async Task WhereNobodyIsSignedInTheServiceCallsInItsOwnName()
    {
        Assert.Equal("trial", await (await _service.Get("/who")).Content.ReadAsStringAsync());
        Assert.Equal("trial", await _service.App.Services.GetRequiredService<People>().Who());
    }

    [Fact]
    public async Task WhereSomebodyIsSignedInTheyCall()
    {
        var ann = Given.Person();

        Assert.Equal($"{ann.PersonId}", await (await _service.Get("/who", ann)).Content.ReadAsStringAsync());

        Assert.Equal($"Bearer {Signer.Default.Sign(ann)}"[..60], _asked![..60]);
    }

    [Fact]
    public async Task WhoAsksAsItselfDoesSoAlsoWhereSomebodyIsSignedIn()
    {
        var ann = Given.Person();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/self");
        request.Headers.Authorization = new("Bearer", Signer.Default.Sign(ann));
        request.Headers.Add("X-Studio-Id", $"{ann.PersonId}");

        Assert.Equal("trial in no studio", await (await _service.Client.SendAsync(request)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ATokenThatTheOtherSideDoesNotTakeIsNotUsedAgain()
    {
        string? refused = null;
        await using var strict = await TestService.Start(
            app => app.MapGet("/who", (HttpRequest request) =>
            {
                refused ??= request.Headers.Authorization;
                return request.Headers.Authorization == refused ? Results.Unauthorized() : Results.Text("taken");
            }).Public(),
            name: "people");
        await using var service = await Start(TrialIdentity.Secret, strict);

        await Assert.ThrowsAsync<HttpRequestException>(() => service.App.Services.GetRequiredService<People>().Who());

        Assert.Equal("taken", await service.App.Services.GetRequiredService<People>().Who());
    }

    /// <summary>Not too soon after a failure.</summary>
    private async Task<bool> IsNew(string first)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        try
        {
            return await Tokens.Get(default) != first;
        }
        catch (DependencyDownException)
        {
            return false;
        }
    }

    private Task<TestService> Start(string secret, TestService? people = null) => TestService.Start(
        app =>
        {
            app.MapGet("/who", async (People all) => await all.Who()).Public();
            app.MapGet("/self", async (Itself itself) => await itself.Who()).Public();
        },
        builder =>
        {
            _identity.Introduce(builder);
            builder.Services.AddSingleton<TimeProvider>(_clock);
            builder.Services.AddServiceClient<People>("people");
            builder.Services.AddServiceClient<Itself>("people", asItself: true);
            builder.Configuration["ServiceTokens:Secret"] = secret;
            builder.Configuration["services:people:http:0"] = (people ?? _people).Client.BaseAddress!.ToString();
            builder.Configuration["Calls:Timeout"] = "00:00:20";
        });
}
