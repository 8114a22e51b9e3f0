using System.Net.Sockets;
using System.Text;

namespace FitFlow.Gateway.Tests.Edge;

/// Bytes as no well-bred client would send them.
internal static class RawHttp
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// All that comes back until the server closes, or says nothing more for a while.
    public static async Task<string> Send(Uri to, string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(to.Host, to.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));

        var answer = new StringBuilder();
        var buffer = new byte[64 * 1024];
        using var silence = new CancellationTokenSource();
        try
        {
            while (true)
            {
                silence.CancelAfter(Silence);
                if (await stream.ReadAsync(buffer, silence.Token) is not (> 0 and var count)) break;
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // It keeps the connection open, or has torn it down: what it said, it has said.
        }

        return answer.ToString();
    }

    public static Task<string> Get(Uri to, string target, string token, string? host = null) =>
        Send(to, $"GET {target} HTTP/1.1\r\nHost: {host ?? to.Authority}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");

    /// The statuses of all answers in it, in order.
    public static int[] Statuses(string answers) =>
        [.. answers.Split("HTTP/1.1 ").Skip(1).Select(answer => int.Parse(answer.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture))];
}
