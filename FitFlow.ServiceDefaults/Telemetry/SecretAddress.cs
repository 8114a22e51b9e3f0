using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace FitFlow.ServiceDefaults.Telemetry;

/// <summary>An address that is a secret itself, since whoever knows it may read a calendar: no trace has it.</summary>
internal static partial class SecretAddress
{
    public static string? Without(string? address) => address is null ? null : Secret().Replace(address, "…");

    [GeneratedRegex("(?<=/calendar/feeds/)[^/?#]+", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 100)]
    private static partial Regex Secret();
}

/// <summary>The framework writes down what is called as it is.</summary>
internal sealed class SecretsOffSpans : BaseProcessor<Activity>
{
    private const string Address = "url.full";

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(Address) is string address) data.SetTag(Address, SecretAddress.Without(address));
    }
}
