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
        var agent = new string([.. http.Request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]);
        return new Device(agent.Length <= MaxUserAgent ? agent : agent[..MaxUserAgent], Address(http));
    }

    /// The client's, not the gateway's, which is one of the KnownProxies.
    private static string Address(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } address => address.MapToIPv4().ToString(),
        // The interface's number is ours, not the client's.
        { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } address => new IPAddress(address.GetAddressBytes()).ToString(),
        var address => address.ToString(),
    };
}
