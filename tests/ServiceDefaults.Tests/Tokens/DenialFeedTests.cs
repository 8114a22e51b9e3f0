using System.Text.Json;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

/// <summary>A service with a real Redis and an Identity, each of which can be taken away from it.</summary>
public sealed class DenialFeedTests : IAsyncLifetime
{
    private readonly Redis _elsewhere = new(Servers.Redis, TimeProvider.System, NullLogger<Redis>.Instance, TimeSpan.FromSeconds(20));
    private TrialIdentity _identity = null!;
    private CuttableProxy _redis = null!;
    private string _connectionString = null!;

    public async ValueTask InitializeAsync()
    {
        _identity = await TrialIdentity.Start();
        (_redis, _connectionString) = CuttableProxy.For(Servers.Redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _identity.DisposeAsync();
        await _redis.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task WhatIsToldOverRedisHoldsInEveryServiceWithoutIdentity()
    {
        await using var here = await Start();
        await using var there = await Start();
        var token = Given.Person();
        await Admits(here, token);
        await Admits(there, token);
        _identity.Proxy.Cut();

        // Until it is heard: a subscription is made in the background.
        await Eventually.Holds(async () =>
        {
            await Tell(token);
            return await IsRefused(here, token) && await IsRefused(there, token);
        }, "both refuse it");

        await Admits(here, Given.Person()); // And nobody else.
    }

    [Fact]
    public async Task WithoutRedisItIsAskedFor()
    {
        await using var service = await Start();
        var token = Given.Person();
        await Admits(service, token);
        _redis.Cut();

        _identity.Deny(new DeniedTokens(token.SessionId!.Value, TimeProvider.System.GetUtcNow()));

        await Eventually.Holds(() => IsRefused(service, token), "the truth was read");
    }

    [Fact]
    public async Task AMessageThatNobodyHeardIsMadeUpFor()
    {
        await using var service = await Start();
        var token = Given.Person();
        await Admits(service, token);

        _identity.Deny(new DeniedTokens(token.PersonId!.Value, TimeProvider.System.GetUtcNow()));

        await Eventually.Holds(() => IsRefused(service, token), "the truth was read");
    }

    [Fact]
    public async Task AServiceThatStartsKnowsWhatWasDeniedBefore()
    {
        var token = Given.Person();
        _identity.Deny(new DeniedTokens(token.PersonId!.Value, TimeProvider.System.GetUtcNow()));

        await using var service = await Start();

        await (await service.Get("/me", token)).ShouldBeProblem(401, "auth.token_revoked");
        Assert.Equal("trial", _identity.Callers.First());
    }

    [Fact]
    public async Task WithoutIdentityItStartsAndKnowsNobodyUntilIdentityIsBack()
    {
        _identity.Proxy.Cut();
        var token = Given.Person();
        _identity.Deny(new DeniedTokens(token.PersonId!.Value, TimeProvider.System.GetUtcNow()));
        await using var service = await Start();

        var problem = await (await service.Get("/me", Given.Person())).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal("identity", problem.GetProperty("dependency").GetString());
        Assert.Equal(200, (int)(await service.Get("/open", Given.Person())).StatusCode);
        var ready = await (await service.Get("/health/ready")).Json();
        Assert.Equal("degraded", ready.GetProperty("checks").GetProperty("denials").GetProperty("status").GetString());

        _identity.Proxy.Restore();
        await Eventually.Holds(async () => (int)(await service.Get("/me", Given.Person())).StatusCode == 200, "it knows");
        await (await service.Get("/me", token)).ShouldBeProblem(401, "auth.token_revoked");
    }

    [Fact]
    public async Task WhatIsKnownHoldsWhileAllElseIsAway()
    {
        var token = Given.Person();
        _identity.Deny(new DeniedTokens(token.PersonId!.Value, TimeProvider.System.GetUtcNow()));
        await using var service = await Start();
        _identity.Proxy.Cut();
        _redis.Cut();

        await (await service.Get("/me", token)).ShouldBeProblem(401, "auth.token_revoked");
        await Admits(service, Given.Person());
    }

    [Fact]
    public async Task NonsenseOnTheChannelDoesNoHarm()
    {
        await using var service = await Start();
        var token = Given.Person();
        _identity.Proxy.Cut();

        await Eventually.Holds(async () =>
        {
            foreach (var nonsense in new[] { "", "null", "{}", "[]", """{"subject":"all","signed_until":"now"}""" }) await _elsewhere.Publish(DenialFeed.Channel, nonsense);
            await Tell(token);
            return await IsRefused(service, token);
        }, "what is right is still heard");
        await Admits(service, Given.Person());
    }

    [Fact]
    public async Task WhoIsToldWhereIdentityIsButHasNoSecretDoesNotStart()
    {
        await using var app = TestService.Build(_ => { }, builder =>
        {
            _identity.Introduce(builder);
            builder.Configuration["ServiceTokens:Secret"] = null;
        });

        var error = await Assert.ThrowsAsync<CannotStartException>(() => app.StartAsync());
        Assert.Contains("ServiceTokens__Secret", error.Message, StringComparison.Ordinal);
    }

    private static async Task Admits(TestService service, AccessToken token) => Assert.Equal(200, (int)(await service.Get("/me", token)).StatusCode);

    private static async Task<bool> IsRefused(TestService service, AccessToken token) => (int)(await service.Get("/me", token)).StatusCode == 401;

    private Task Tell(AccessToken token) => _elsewhere.Publish(
        DenialFeed.Channel, JsonSerializer.Serialize(new DeniedTokens(token.PersonId!.Value, token.SignedAt.AddSeconds(1)), Json.Options));

    private Task<TestService> Start() => TestService.Start(
        app =>
        {
            app.MapGet("/me", (Caller caller) => caller.Id).Allow(Role.Everyone);
            app.MapGet("/open", () => "open").Public();
        },
        builder =>
        {
            _identity.Introduce(builder);
            builder.Configuration["ConnectionStrings:redis"] = _connectionString;
        });
}
