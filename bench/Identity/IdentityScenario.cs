using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitFlow.Testing;

namespace FitFlow.Bench.Identity;

/// <summary>
/// What people feel of Identity and the gateway: the whole system runs, every span is recorded and sent, and the callers share the machine with it.
/// </summary>
internal static class IdentityScenario
{
    private const int Callers = 16, BatchSize = 100, HashRounds = 210_000;
    private static readonly TimeSpan Flood = TimeSpan.FromSeconds(15), Steady = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<Figure>> Run(Action<string> progress, CancellationToken ct)
    {
        progress("the whole system, with telemetry");
        await using var sink = await TelemetrySink.Start(ct);
        await using var system = await OwnSystem.Start(ct, ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", sink.Address));
        var running = RunningSystem.Of(system);
        var admin = await running.GivenAdmin();
        var person = await running.GivenPerson();
        using var gateway = Client(running.Gateway, person.Token);
        using var identity = Client(running.Service("identity"), person.Token);
        using var asAdmin = Client(running.Gateway, admin.Token);
        await Load.AsManyAsGo(Callers, TimeSpan.FromSeconds(5), _ => Me(gateway, ct));

        progress("logins and refreshes");
        var refresh = person.RefreshToken;
        var (hash, login) = await Load.SideBySide(
            20, _ => Hash(), async _ => refresh = (await Post(gateway, "/api/v1/auth/login", new { person.Email, person.Password }, ct)).GetProperty("refresh_token").GetString()!);
        var refreshed = await Load.OneByOne(200, async _ => refresh = (await Post(gateway, "/api/v1/auth/refresh", new { refresh_token = refresh }, ct)).GetProperty("refresh_token").GetString()!);

        progress("users/me, cached and not");
        var cached = await Load.OneByOne(500, _ => Me(gateway, ct));
        var (_, uncached) = await Load.SideBySide(200, _ => Rename(gateway, ct), _ => Me(gateway, ct));

        progress($"a batch of {BatchSize}");
        var ids = new List<Guid>();
        for (var i = 0; i < BatchSize; i++)
        {
            var made = await Post(asAdmin, "/api/v1/users", new { email = $"{Path.GetRandomFileName()}@example.org", first_name = "Ada", last_name = "Byron", role = "client" }, ct);
            ids.Add(made.GetProperty("id").GetGuid());
        }

        var batch = await Load.OneByOne(200, _ => Post(asAdmin, "/api/v1/users/batch", new { user_ids = ids }, ct));

        progress("the gateway beside the service itself");
        var (through, direct) = await Load.SideBySide(2_000, _ => Me(gateway, ct), _ => Me(identity, ct));

        progress($"users/me through the gateway: {Callers} callers without a pause, then 500 a second");
        var atGateway = Footprint.Of("FitFlow.Gateway", running.Gateway);
        var atIdentity = Footprint.Of("FitFlow.Identity", running.Service("identity"));
        var (gatewayBefore, identityBefore) = (atGateway.CpuMilliseconds, atIdentity.CpuMilliseconds);
        var flood = await Load.AsManyAsGo(Callers, Flood, _ => Me(gateway, ct));
        var (gatewayCpu, identityCpu) = (atGateway.CpuMilliseconds - gatewayBefore, atIdentity.CpuMilliseconds - identityBefore);
        var floodDirect = await Load.AsManyAsGo(Callers, Flood / 3, _ => Me(identity, ct));
        var steady = await Load.AtRate(500, Steady, _ => Me(gateway, ct), ct);

        return
        [
            Figure.AtLeast(2_000, "users/me through the gateway, every request traced", flood.PerSecond, "requests/s"),
            Figure.Told("CPU of the gateway for each", gatewayCpu / flood.Sorted.Length, "ms"),
            Figure.Told("CPU of Identity for each", identityCpu / flood.Sorted.Length, "ms"),
            Figure.Told("users/me of Identity itself", floodDirect.PerSecond, "requests/s"),
            Figure.Below(30, "users/me through the gateway at 500/s, p95", steady.P95, "ms"),
            Figure.Told("users/me through the gateway at 500/s, median", steady.Median, "ms"),
            Figure.Below(1.5, "what the gateway adds, median", through.Median - direct.Median, "ms"),
            Figure.Told("users/me through the gateway / of Identity itself, median", through.Median / direct.Median, ""),
            Figure.Told("users/me through the gateway, cached, median", cached.Median, "ms"),
            Figure.Told("users/me not cached / cached, median", uncached.Median / cached.Median, ""),
            Figure.Told("batch of 100, median", batch.Median, "ms"),
            Figure.Told("refresh, median", refreshed.Median, "ms"),
            Figure.Told("login, median", login.Median, "ms"),
            Figure.Told("the password's hash alone, median", hash.Median, "ms"),
            Figure.AtLeast(0.7, "share of the hash in a login", hash.Median / login.Median, ""),
            Figure.Below(150, "memory of Identity after all this, its share of what is shared included", atIdentity.Megabytes, "MB"),
            Figure.Below(150, "memory of the gateway after all this, likewise", atGateway.Megabytes, "MB"),
            Figure.Told("resident memory of Identity, files that others read too included", atIdentity.ResidentMegabytes, "MB"),
            Figure.Told("resident memory of the gateway, likewise", atGateway.ResidentMegabytes, "MB"),
            Figure.Told("telemetry sent", sink.Bytes / 1e6, "MB"),
        ];
    }

    private static HttpClient Client(Uri address, string token)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseProxy = false }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task Me(HttpClient http, CancellationToken ct)
    {
        using var answer = await http.GetAsync("/api/v1/users/me", ct);
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"users/me answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
    }

    private static async Task Rename(HttpClient http, CancellationToken ct)
    {
        using var answer = await http.PutAsJsonAsync("/api/v1/users/me", new { first_name = "Ada", last_name = "Byron", language = "en" }, ct);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonElement> Post(HttpClient http, string path, object body, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync(path, body, FitFlow.ServiceDefaults.Json.Options, ct);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path} answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    private static Task Hash() => Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes("correct horse battery"), RandomNumberGenerator.GetBytes(16), HashRounds, HashAlgorithmName.SHA512, 32));
}
