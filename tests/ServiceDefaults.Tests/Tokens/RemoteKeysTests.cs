using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

public sealed class RemoteKeysTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly List<Jwk> _published = [];
    private readonly Signer _signer = new();
    private TestService _identity = null!;
    private CuttableProxy _proxy = null!;
    private TestService _service = null!;
    private IKeySource _keys = null!;
    private Func<Task<JwkSet>> _answer = null!;
    private int _fetches;

    public async ValueTask InitializeAsync()
    {
        _published.Add(Jwk.From(_signer.Key));
        _answer = () => Task.FromResult(new JwkSet([.. _published]));
        _identity = await TestService.Start(app => app.MapGet("/.well-known/jwks.json", () =>
        {
            Interlocked.Increment(ref _fetches);
            return _answer();
        }).Public(), name: "identity");
        _proxy = CuttableProxy.To("127.0.0.1", _identity.Client.BaseAddress!.Port);
        _service = await TestService.Start(app => app.MapGet("/me", (Caller caller) => caller.Id).Allow(Role.Everyone), builder =>
        {
            builder.Services.RemoveAll<IKeySource>();
            builder.Services.AddSingleton<TimeProvider>(_clock);
            builder.Configuration["services:identity:http:0"] = $"http://{_proxy.Address}";
        });
        _keys = _service.App.Services.GetRequiredService<IKeySource>();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _identity.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task TheKeysAreFetchedOnceForMany()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _keys.Find(_signer.Kid, default).AsTask()));
        Assert.All(found, key => Assert.Same(found[0], key));
        Assert.NotNull(found[0]);
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task ANewKeyIsFoundAtOnceAndAnOldOneGoesWhenItIsWithdrawn()
    {
        Assert.NotNull(await _keys.Find(_signer.Kid, default));
        var next = new Signer();
        _published.Add(Jwk.From(next.Key));
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await _keys.Find(next.Kid, default));

        _published.RemoveAt(0);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await Eventually.Holds(async () =>
        {
            await _keys.Find(next.Kid, default); // Whoever comes by has them read anew, in the background.
            return await _keys.Find(_signer.Kid, default) is null;
        }, "the withdrawn key is gone");
    }

    [Fact]
    public async Task NamesThatNobodyKnowsDoNotMakeUsAskAgainAndAgain()
    {
        for (var i = 0; i < 100; i++) Assert.Null(await _keys.Find($"made-up-{i}", default));
        Assert.Equal(1, _fetches);
        _clock.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 100; i++) Assert.Null(await _keys.Find($"made-up-{i}", default));
        Assert.Equal(2, _fetches);
    }

    [Fact]
    public async Task KeysAtHandStayGoodWhileIdentityIsAway()
    {
        var key = await _keys.Find(_signer.Kid, default);
        _proxy.Cut();
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Same(key, await _keys.Find(_signer.Kid, default));
        Assert.Null(await _keys.Find("made-up", default));
    }

    [Fact]
    public async Task AFreshReadKeepsTheKeysThatStay()
    {
        var key = await _keys.Find(_signer.Kid, default);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await _keys.Find(_signer.Kid, default);
        await Eventually.Holds(() => _fetches == 2, "the keys were read anew");
        Assert.Same(key, await _keys.Find(_signer.Kid, default));
    }

    [Fact]
    public async Task WithoutAnyKeysTheAnswerIs503AndComesGoodByItself()
    {
        _proxy.Cut();
        var problem = await (await Call()).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal("identity", problem.GetProperty("dependency").GetString());

        _proxy.Restore();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (int)(await Call()).StatusCode);

        async Task<HttpResponseMessage> Call()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
            request.Headers.Authorization = new("Bearer", _signer.Sign(Given.Person()));
            return await _service.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task AllWhoWaitForAFetchShareItsFailure()
    {
        var release = new TaskCompletionSource();
        _answer = async () =>
        {
            await release.Task;
            throw new InvalidOperationException("Identity is not well.");
        };
        var waiting = Enumerable.Range(0, 10).Select(_ => _keys.Find(_signer.Kid, default).AsTask()).ToList();
        await Eventually.Holds(() => _fetches == 1, "one fetches");
        _clock.Advance(TimeSpan.FromSeconds(5)); // It takes as long as it may.
        release.SetResult();
        foreach (var one in waiting) await Assert.ThrowsAsync<DependencyDownException>(() => one);
        await Assert.ThrowsAsync<DependencyDownException>(() => _keys.Find(_signer.Kid, default).AsTask());
        Assert.Equal(1, _fetches);

        _answer = () => Task.FromResult(new JwkSet([.. _published]));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(await _keys.Find(_signer.Kid, default));
    }

    [Fact]
    public async Task KeysOfAnotherKindAreLeftOut()
    {
        var good = _published[0];
        _published.AddRange(
            good with { KeyId = "rsa", KeyType = "RSA" },
            good with { KeyId = "p384", Curve = "P-384" },
            good with { KeyId = "enc", Use = "enc" },
            good with { KeyId = "alg", Algorithm = "ES384" },
            good with { KeyId = "short", X = good.X![..20] },
            good with { KeyId = "off", X = good.Y, Y = good.X },
            good with { KeyId = null });
        Assert.NotNull(await _keys.Find(_signer.Kid, default));
        foreach (var kid in new[] { "rsa", "p384", "enc", "alg", "short", "off", "" }) Assert.Null(await _keys.Find(kid, default));
    }
}
