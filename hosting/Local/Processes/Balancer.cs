using System.Net;
using System.Net.Sockets;

namespace FitFlow.Hosting.Local.Processes;

/// <summary>One address before several copies of a service: each connection goes to the next copy that is healthy.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly Func<IReadOnlyList<int>> _healthyPorts;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly List<Task> _accepting = [];
    private uint _next;

    public Balancer(int port, Func<IReadOnlyList<int>> healthyPorts)
    {
        _healthyPorts = healthyPorts;
        foreach (var address in Socket.OSSupportsIPv6 ? new[] { IPAddress.Loopback, IPAddress.IPv6Loopback } : [IPAddress.Loopback])
        {
            var listener = new TcpListener(address, port);
            listener.Start(512);
            _listeners.Add(listener);
            _accepting.Add(Accept(listener));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var listener in _listeners) listener.Dispose();
        await Task.WhenAll(_accepting);
        _stop.Dispose();
    }

    private async Task Accept(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = Serve(await listener.AcceptSocketAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The caller was gone before it was accepted.
            }
        }
    }

    private async Task Serve(Socket caller)
    {
        using (caller)
        using (var copy = await Connect())
        {
            if (copy is null) return; // Nobody is healthy: the caller sees a closed connection, as without a balancer.
            caller.NoDelay = copy.NoDelay = true;
            await Task.WhenAll(Pump(caller, copy), Pump(copy, caller));
        }
    }

    private async Task<Socket?> Connect()
    {
        var ports = _healthyPorts();
        for (var tries = 0; tries < ports.Count; tries++)
        {
            var port = ports[(int)(Interlocked.Increment(ref _next) % (uint)ports.Count)];
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose(); // It has died since it was last asked; the next one may serve.
            }
        }

        return null;
    }

    private async Task Pump(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
            {
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side broke off: the other must learn of it at once, and a half-written answer must not look whole.
            Abort(from);
            Abort(to);
        }
    }

    private static void Abort(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}
