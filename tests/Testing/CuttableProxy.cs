using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FitFlow.Testing;

/// <summary>
/// A TCP proxy in front of a real server, to take the server away from one test without taking it from the others. Cut, it refuses and ends
/// connections, as a killed server does; silenced, it takes connections and bytes and answers nothing, as a hung one does.
/// </summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private TcpListener? _listener;
    private volatile bool _silent;
    private volatile bool _cut;

    private CuttableProxy(string host, int port) => (_host, _port) = (host, port);

    /// <summary>The port to connect to; it stays the same through every cut.</summary>
    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>How many connections were ever taken.</summary>
    public int Accepted { get; private set; }

    /// <summary>How many connections are open now.</summary>
    public int Open => _open.Count / 2;

    public static CuttableProxy To(string host, int port)
    {
        var proxy = new CuttableProxy(host, port);
        proxy.Restore();
        return proxy;
    }

    /// <summary>A proxy to the server at the head of <paramref name="connectionString"/> (<c>host:port,…</c>), and that string for it.</summary>
    public static (CuttableProxy Proxy, string ConnectionString) For(string connectionString)
    {
        var comma = connectionString.IndexOf(',', StringComparison.Ordinal);
        var address = (comma < 0 ? connectionString : connectionString[..comma]).Split(':');
        var proxy = To(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
        return (proxy, proxy.Address + (comma < 0 ? "" : connectionString[comma..]));
    }

    public void Cut()
    {
        _cut = true;
        _listener?.Stop();
        _listener = null;
        foreach (var socket in _open.Keys) Close(socket);
    }

    public void Silence() => _silent = true;

    /// <summary>After a cut or a silence, all is as before. Connections that were silenced are ended: their bytes are lost.</summary>
    public void Restore()
    {
        if (_silent)
        {
            _silent = false;
            foreach (var socket in _open.Keys) Close(socket);
        }

        if (_listener is not null) return;
        _cut = false;
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Accept(_listener);
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task Accept(TcpListener from)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await from.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return; // Cut.
            }

            Accepted++;
            _ = Serve(client);
        }
    }

    private async Task Serve(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _open[client] = _open[server] = 0;
        try
        {
            await server.ConnectAsync(_host, _port);
            if (_cut) return; // It came in while the others were being closed.
            await Task.WhenAny(Pump(client, server), Pump(server, client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Either side is gone, and so is the connection.
        }
        finally
        {
            Close(client);
            Close(server);
        }
    }

    private async Task Pump(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (!_silent) await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut in the middle: that is what this is for.
        }
    }

    private void Close(Socket socket)
    {
        if (!_open.TryRemove(socket, out _)) return; // Somebody else does it.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}
