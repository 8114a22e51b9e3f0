using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FitFlow.Hosting.Local.Processes;

/// <summary>
/// Ports of this run. Each is claimed by a locked file that all AppHosts of this user see, so that two of them never choose the same one between
/// looking and listening; and they lie outside the range from which the kernel gives ports to outgoing connections.
/// </summary>
internal sealed class PortBook : IDisposable
{
    private const int First = 20_000;
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"fitflow-ports-{Environment.UserName}");
    private readonly Dictionary<int, FileStream> _claims = [];
    private readonly Lock _gate = new();
    private static readonly int Last = LastBelowEphemeral();

    /// <summary>Any free port.</summary>
    public int Any()
    {
        for (var tries = 0; tries < 2_000; tries++)
        {
            var port = Random.Shared.Next(First, Last);
            if (TryClaim(port)) return port;
        }

        throw new LocalHostingException($"no free port between {First} and {Last}");
    }

    public bool TryClaim(int port)
    {
        lock (_gate)
        {
            if (_claims.ContainsKey(port)) return false;
            Directory.CreateDirectory(Folder);
            FileStream claim;
            try
            {
                claim = new FileStream(Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                return false; // Another AppHost has it.
            }

            if (!IsFree(port))
            {
                claim.Dispose();
                return false;
            }

            _claims[port] = claim;
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var claim in _claims.Values) claim.Dispose();
            _claims.Clear();
        }
    }

    private static bool IsFree(int port) => new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }.All(address => IsFree(address, port));

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (address.AddressFamily == AddressFamily.InterNetworkV6 && e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            return true; // This machine has no IPv6.
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int LastBelowEphemeral()
    {
        const string range = "/proc/sys/net/ipv4/ip_local_port_range";
        var lowest = File.Exists(range) ? int.Parse(File.ReadAllText(range).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture) : 32_768;
        return lowest > First + 1_000 ? lowest : 65_000; // A machine whose range begins that low leaves us no choice.
    }
}
