using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using IPNetwork = System.Net.IPNetwork;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// Whose word is taken for who calls: <c>KnownProxies</c> is a list of addresses and networks (<c>10.0.0.7, 172.16.0.0/12</c>). Only what
/// comes from one of those may say in <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> whose request it passes on. None by default.
/// </summary>
internal static class KnownProxies
{
    private const string Setting = "KnownProxies";

    public static void AddKnownProxies(this WebApplicationBuilder builder) =>
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            var known = Read(configuration[Setting]);

            // Without any known the framework would believe everybody, so then it is told to look at nothing.
            options.ForwardedHeaders = known.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null; // As many as are known, from the nearest on; the first that is not is the caller.
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in known) options.KnownIPNetworks.Add(network);
        });

    public static void UseKnownProxies(this WebApplication app) => app.UseForwardedHeaders();

    private static List<IPNetwork> Read(string? list) =>
    [
        .. (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(entry =>
            IPNetwork.TryParse(entry, out var network) ? network
            : IPAddress.TryParse(entry, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new CannotStartException($"{Setting} has '{entry}', which is neither an address nor a network such as 10.0.0.0/8.")),
    ];
}
