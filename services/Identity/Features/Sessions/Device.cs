using System.Net;
using System.Net.Sockets;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Sessions;

/// What somebody signs in with, as far as they show it.
internal sealed record Device(string UserAgent, string Ip)
{
    private const int MaxUserAgent = 255;

    public static Device Of(HttpContext http)
    {
        var agent = new string([.. http.Request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c))]);
        return new Device(agent.Length <= MaxUserAgent ? agent : agent[..MaxUserAgent], Address(http));
    }

    /// The gateway says whom it speaks for, and overwrites what others said before. Nobody outside the private network is believed.
    private static string Address(HttpContext http)
    {
        var peer = Plain(http.Connection.RemoteIpAddress);
        if (peer is null || !IsPrivate(peer)) return peer?.ToString() ?? "";
        var forwarded = http.Request.Headers["X-Forwarded-For"].ToString();
        var last = forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim();
        return (IPAddress.TryParse(last, out var client) ? Plain(client) : peer)!.ToString();
    }

    private static IPAddress? Plain(IPAddress? address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        // The interface's number is ours, not the client's.
        { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } => new IPAddress(address.GetAddressBytes()),
        _ => address,
    };

    private static bool IsPrivate(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal
        || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [10, ..] or [192, 168, ..] or [172, >= 16 and < 32, ..]);
}
