using System.Net;
using System.Net.Sockets;

namespace FitFlow.Hosting.Local.Processes;

/// <summary>Ways to see that a process serves.</summary>
internal static class Pings
{
    /// <summary>Past any proxy: what is asked runs on this machine.</summary>
    public static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromSeconds(30), UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public static Func<CancellationToken, Task<string?>> OverHttp(string url, int expected) => async ct =>
    {
        try
        {
            using var answer = await Http.GetAsync(url, ct);
            if ((int)answer.StatusCode == expected) return null;
            var body = await answer.Content.ReadAsStringAsync(ct);
            return $"GET {url} answers {(int)answer.StatusCode} instead of {expected}: {OneLine.Squeeze(body[..Math.Min(body.Length, 300)])}";
        }
        catch (HttpRequestException e)
        {
            return $"GET {url}: {OneLine.Reason(e)}";
        }
    };

    /// <summary>On either loopback: Node takes localhost for the one of them that it finds first.</summary>
    public static Func<CancellationToken, Task<string?>> OverTcp(int port) => async ct =>
    {
        var refusal = "";
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address, port, ct);
                return null;
            }
            catch (SocketException e)
            {
                refusal = e.Message;
            }
        }

        return $"nothing listens on port {port}: {refusal}";
    };
}
