using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Gateway.Tests;

/// A gateway of the test's own, as a process, in front of services of the test's own, beside the real Redis.
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    private GatewayProcess(Process process, Uri address) => (_process, Address, Http) = (process, address, ClientOf(address));

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IEnumerable<string> Output => _output;

    public static async Task<GatewayProcess> Start(IEnumerable<Stub> services, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Program("FitFlow.Gateway")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__redis"] = Servers.Redis,
                ["Redis__Timeout"] = "00:00:20",
                ["ServiceTokens__Secret"] = Stub.ServiceSecret,
                ["RateLimits__Anonymous__Limit"] = "1000000",
                ["RateLimits__SignedIn__Limit"] = "1000000",
            },
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("services__", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var service in services.GroupBy(service => service.Name))
        {
            foreach (var (i, replica) in service.Index()) start.Environment[$"services__{service.Key}__http__{i}"] = replica.Address.ToString();
        }

        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;

        var gateway = new GatewayProcess(Process.Start(start)!, address);
        gateway._process.OutputDataReceived += (_, line) => gateway._output.Enqueue(line.Data ?? "");
        gateway._process.ErrorDataReceived += (_, line) => gateway._output.Enqueue(line.Data ?? "");
        gateway._process.BeginOutputReadLine();
        gateway._process.BeginErrorReadLine();
        await Eventually.Holds(gateway.Lives, "the gateway is up");
        await Eventually.Holds(gateway.KnowsTheKeys, "the gateway has the keys that tokens are signed with");
        return gateway;
    }

    /// One that is not expected to come up: how it ended, and what it said.
    public static async Task<(int ExitCode, string Said)> Fail(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Program("FitFlow.Gateway")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort()}", ["ConnectionStrings__redis"] = Servers.Redis, ["ServiceTokens__Secret"] = Stub.ServiceSecret },
        };
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, error.Trim());
    }

    public HttpClient As(AccessToken token)
    {
        var http = ClientOf(Address);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Stub.Sign(token));
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> Lives()
    {
        if (_process.HasExited) throw new InvalidOperationException($"The gateway ended: {string.Join('\n', _output)}");
        try
        {
            return (await Http.GetAsync("/health")).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// Whoever is signed in is told which service is not there; before that it would be identity.
    private async Task<bool> KnowsTheKeys()
    {
        using var somebody = As(Stub.Person());
        return (await (await somebody.GetAsync("/api/v1/reports")).Content.ReadAsStringAsync()).Contains("insights", StringComparison.Ordinal);
    }

    private static HttpClient ClientOf(Uri address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// The programs stand beside this one, built the same way.
    private static string Program(string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"{name}.dll");
    }
}
