using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>The start scripts of RabbitMQ and MariaDB fall apart at a blank in a path: folders that have one get another name.</summary>
internal static partial class PlainPath
{
    public static string Of(string folder)
    {
        if (Plain().IsMatch(folder)) return folder;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        var link = new DirectoryInfo(Path.Combine(Path.GetTempPath(), $"fitflow-{Environment.UserName}-{hash}"));
        if (link.LinkTarget is null && !link.Exists) link.CreateAsSymbolicLink(folder);
        return link.LinkTarget == folder
            ? link.FullName
            : throw new LocalHostingException($"{link.FullName} is in the way of a link to {folder}: remove it");
    }

    [GeneratedRegex("^[A-Za-z0-9/._+@-]+$", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
