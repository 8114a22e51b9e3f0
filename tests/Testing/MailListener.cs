using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FitFlow.Testing;

/// <summary>A mail server that answers as the test says: takes everything, puts off, refuses. Speaks just enough SMTP to be asked.</summary>
public sealed class MailListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private MailListener()
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is said to a recipient; 250 takes it.</summary>
    public Func<string, string> ToRecipient { get; set; } = _ => "250 ok";

    /// <summary>Recipient and message of each letter that was taken.</summary>
    public ConcurrentQueue<(string To, string Message)> Taken { get; } = [];

    /// <summary>How often somebody asked for this recipient.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static MailListener Start()
    {
        var listener = new MailListener();
        listener._listener.Start();
        _ = listener.Accept();
        return listener;
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                _ = Serve(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return; // Closed.
            }
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var connection = client;
        using var reader = new StreamReader(connection.GetStream());
        await using var writer = new StreamWriter(connection.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        var to = "";
        try
        {
            await writer.WriteLineAsync("220 test");
            while (await reader.ReadLineAsync() is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (verb == "RCPT")
                {
                    to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.LastIndexOf('>')];
                    Asked.AddOrUpdate(to, 1, (_, times) => times + 1);
                }

                await writer.WriteLineAsync(verb switch
                {
                    "RCPT" => ToRecipient(to),
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                });
                if (verb == "QUIT") return;
                if (verb != "DATA") continue;
                Taken.Enqueue((to, await Message(reader)));
                await writer.WriteLineAsync("250 ok");
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    private static async Task<string> Message(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line and not ".") lines.Add(line);
        return string.Join('\n', lines);
    }
}
