using System.Net;
using System.Net.Sockets;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Tests.Processes;

public sealed class PortBookTests
{
    [Fact]
    public void TwoAppHostsNeverChooseTheSamePort()
    {
        using var one = new PortBook();
        using var other = new PortBook();

        var ports = Enumerable.Range(0, 200).SelectMany(_ => new[] { one.Any(), other.Any() }).ToArray();

        Assert.Equal(400, ports.Distinct().Count());
    }

    [Fact]
    public void APortIsFreeAgainWhenItsAppHostIsGone()
    {
        int port;
        using (var one = new PortBook())
        using (var other = new PortBook())
        {
            port = one.Any();
            Assert.False(other.TryClaim(port));
        }

        using var later = new PortBook();
        Assert.True(later.TryClaim(port));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    public void APortThatSomebodyListensOnIsNotFree(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        using var book = new PortBook();

        Assert.False(book.TryClaim(((IPEndPoint)listener.LocalEndpoint).Port));
    }

    [Fact]
    public void RandomPortsAreNoneOfTheKernelsOwn()
    {
        var lowest = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ')[0]);
        using var book = new PortBook();

        Assert.All(Enumerable.Range(0, 50).Select(_ => book.Any()), port => Assert.InRange(port, 1_024, lowest - 1));
    }
}
