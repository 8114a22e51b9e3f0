using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

/// <summary>Each forgery once more, at the gateway as it runs: a process of its own, whose Identity is the test, so that all of them are rightly signed.</summary>
public sealed class ForgeriesAtTheGatewayTests(ForgeriesAtTheGatewayTests.Gateway gateway) : IClassFixture<ForgeriesAtTheGatewayTests.Gateway>
{
    private readonly TokenVerifierTests _forger = new(gateway.Signer);

    public static TheoryData<string> Attacks => TokenVerifierTests.Attacks;

    public sealed class Gateway : IAsyncLifetime
    {
        private Process _process = null!;

        internal Signer Signer { get; } = new();

        internal TrialIdentity Identity { get; private set; } = null!;

        public HttpClient Http { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Identity = await TrialIdentity.Start(Signer);
            var address = $"http://127.0.0.1:{FreePort()}";
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            _process = Process.Start(new ProcessStartInfo("dotnet", Path.Combine(here.Parent!.Parent!.FullName, "FitFlow.Gateway", here.Name, "FitFlow.Gateway.dll"))
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["ASPNETCORE_URLS"] = address,
                    ["ConnectionStrings__redis"] = Servers.Redis,
                    ["ServiceTokens__Secret"] = TrialIdentity.Secret,
                    ["services__identity__http__0"] = $"http://{Identity.Proxy.Address}",
                },
            })!;
            _process.OutputDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
            Http = new HttpClient { BaseAddress = new Uri(address) };
            await Eventually.Holds(IsReady, "the gateway is ready");
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
            await Identity.DisposeAsync();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        private async Task<bool> IsReady()
        {
            try
            {
                return (await Http.GetAsync("/health/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task IsRefused(string attack)
    {
        var token = _forger.Forged(attack);
        if (token.EndsWith('\n')) return; // No header ends in white space: it would arrive without, and good.

        var answer = await Send(token);

        // What no header can hold is refused as such, whatever it says.
        if (answer is null or { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge }) return;
        await answer.ShouldBeProblem(401, token.Length == 0 ? "auth.required" : "auth.token_invalid");
    }

    [Fact]
    public async Task AGoodOneIsTaken() => Assert.Equal("served", await (await Send(gateway.Signer.Sign(Given.Person())))!.Content.ReadAsStringAsync());

    [Fact]
    public async Task AnExpiredOneIsRefused() => await (await Send(gateway.Signer.Sign(Given.Person() with
    {
        IssuedAt = TimeProvider.System.GetUtcNow().AddMinutes(-16),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(-1),
    })))!.ShouldBeProblem(401, "auth.token_expired");

    [Fact]
    public async Task OneOfTomorrowIsRefused()
    {
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);

        await (await Send(gateway.Signer.Sign(Given.Person() with { NotBefore = tomorrow, ExpiresAt = tomorrow.AddMinutes(15) })))!.ShouldBeProblem(401, "auth.token_invalid");
        await (await Send(gateway.Signer.Sign(Given.Person() with { IssuedAt = tomorrow, ExpiresAt = tomorrow.AddMinutes(15) })))!.ShouldBeProblem(401, "auth.token_invalid");
    }

    [Fact]
    public async Task OneOfAnEndedSessionIsRefused()
    {
        var token = Given.Person();
        Assert.Equal(HttpStatusCode.OK, (await Send(gateway.Signer.Sign(token)))!.StatusCode);

        gateway.Identity.Deny(new DeniedTokens(token.SessionId!.Value, TimeProvider.System.GetUtcNow()));

        await Eventually.Holds(async () => (await Send(gateway.Signer.Sign(token)))!.StatusCode == HttpStatusCode.Unauthorized, "it is refused");
        await (await Send(gateway.Signer.Sign(token)))!.ShouldBeProblem(401, "auth.token_revoked");
    }

    [Fact]
    public async Task NoChangedByteGetsThrough()
    {
        var token = gateway.Signer.Sign(Given.Person());
        for (var i = 0; i < token.Length; i += 7)
        {
            var letter = token[i] == 'A' ? 'B' : 'A';
            await (await Send(token[..i] + letter + token[(i + 1)..]))!.ShouldBeProblem(401, "auth.token_invalid");
        }
    }

    /// <summary>Null when it cannot even be sent.</summary>
    private async Task<HttpResponseMessage?> Send(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/users/me");
        if (!request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}")) return null;
        try
        {
            return await gateway.Http.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
