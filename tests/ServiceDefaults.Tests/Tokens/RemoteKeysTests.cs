using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

public sealed class RemoteKeysTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private readonly List<Jwk> published = [];
    private readonly Signer signer = new();
    private TestService identity = null!;
    private CuttableProxy proxy = null!;
    private TestService service = null!;
    private IKeySource keys = null!;
    private Func<Task<JwkSet>> answer = null!;
    private int fetches;

    public async ValueTask InitializeAsync()
    {
        published.Add(Jwk.From(signer.Key));
        answer = () => Task.FromResult(new JwkSet([.. published]));
        identity = await TestService.Start(app => app.MapGet("/.well-known/jwks.json", () =>
        {
            Interlocked.Increment(ref fetches);
            return answer();
        }).Public(), name: "identity");
        proxy = CuttableProxy.To("127.0.0.1", identity.Client.BaseAddress!.Port);
        service = await TestService.Start(app => app.MapGet("/me", (Caller caller) => caller.Id).Allow(Role.Everyone), builder =>
        {
            builder.Services.RemoveAll<IKeySource>();
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Configuration["services:identity:http:0"] = $"http://{proxy.Address}";
        });
        keys = service.App.Services.GetRequiredService<IKeySource>();
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await identity.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Fact]
    public async Task TheKeysAreFetchedOnceForMany()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => keys.Find(signer.Kid, default).AsTask()));
        Assert.All(found, key => Assert.Same(found[0], key));
        Assert.NotNull(found[0]);
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task ANewKeyIsFoundAtOnceAndAnOldOneGoesWhenItIsWithdrawn()
    {
        Assert.NotNull(await keys.Find(signer.Kid, default));
        var next = new Signer();
        published.Add(Jwk.From(next.Key));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await keys.Find(next.Kid, default));

        published.RemoveAt(0);
        clock.Advance(TimeSpan.FromMinutes(6));
        await Eventually.Holds(async () =>
        {
            await keys.Find(next.Kid, default); // Whoever comes by has them read anew, in the background.
            return await keys.Find(signer.Kid, default) is null;
        }, "the withdrawn key is gone");
    }

    [Fact]
    public async Task NamesThatNobodyKnowsDoNotMakeUsAskAgainAndAgain()
    {
        for (var i = 0; i < 100; i++) Assert.Null(await keys.Find($"made-up-{i}", default));
        Assert.Equal(1, fetches);
        clock.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 100; i++) Assert.Null(await keys.Find($"made-up-{i}", default));
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task KeysAtHandStayGoodWhileIdentityIsAway()
    {
        var key = await keys.Find(signer.Kid, default);
        proxy.Cut();
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Same(key, await keys.Find(signer.Kid, default));
        Assert.Null(await keys.Find("made-up", default));
    }

    [Fact]
    public async Task AFreshReadKeepsTheKeysThatStay()
    {
        var key = await keys.Find(signer.Kid, default);
        clock.Advance(TimeSpan.FromMinutes(6));
        await keys.Find(signer.Kid, default);
        await Eventually.Holds(() => fetches == 2, "the keys were read anew");
        Assert.Same(key, await keys.Find(signer.Kid, default));
    }

    [Fact]
    public async Task WithoutAnyKeysTheAnswerIs503AndComesGoodByItself()
    {
        proxy.Cut();
        var problem = await (await Call()).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal("identity", problem.GetProperty("dependency").GetString());

        proxy.Restore();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (int)(await Call()).StatusCode);

        async Task<HttpResponseMessage> Call()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
            request.Headers.Authorization = new("Bearer", signer.Sign(Given.Person()));
            return await service.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task AllWhoWaitForAFetchShareItsFailure()
    {
        var release = new TaskCompletionSource();
        answer = async () =>
        {
            await release.Task;
            throw new InvalidOperationException("Identity is not well.");
        };
        var waiting = Enumerable.Range(0, 10).Select(_ => keys.Find(signer.Kid, default).AsTask()).ToList();
        await Eventually.Holds(() => fetches == 1, "one fetches");
        clock.Advance(TimeSpan.FromSeconds(5)); // It takes as long as it may.
        release.SetResult();
        foreach (var one in waiting) await Assert.ThrowsAsync<DependencyDownException>(() => one);
        await Assert.ThrowsAsync<DependencyDownException>(() => keys.Find(signer.Kid, default).AsTask());
        Assert.Equal(1, fetches);

        answer = () => Task.FromResult(new JwkSet([.. published]));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(await keys.Find(signer.Kid, default));
    }

    [Fact]
    public async Task KeysOfAnotherKindAreLeftOut()
    {
        var good = published[0];
        published.AddRange(
            good with { KeyId = "rsa", KeyType = "RSA" },
            good with { KeyId = "p384", Curve = "P-384" },
            good with { KeyId = "enc", Use = "enc" },
            good with { KeyId = "alg", Algorithm = "ES384" },
            good with { KeyId = "short", X = good.X![..20] },
            good with { KeyId = "off", X = good.Y, Y = good.X },
            good with { KeyId = null });
        Assert.NotNull(await keys.Find(signer.Kid, default));
        foreach (var kid in new[] { "rsa", "p384", "enc", "alg", "short", "off", "" }) Assert.Null(await keys.Find(kid, default));
    }
}
