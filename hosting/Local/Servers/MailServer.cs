using System.Net.Sockets;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Servers;

internal static class MailServer
{
    public static async Task<Launch> Prepare(ServerSettings settings, ServerStore store, CancellationToken ct)
    {
        var packages = await NodePackages.Install(store, ct);
        string[] arguments =
        [
            packages.At("node_modules/maildev/bin/maildev"),
            "--ip", "127.0.0.1", "--smtp", $"{settings.Port}",
            "--web-ip", "127.0.0.1", "--web", settings.Options["web_port"],
            "--mail-directory", PrivateFile.Folder(settings.DataDirectory),
        ];
        return new Launch(packages.Node, arguments, packages.Environment, settings.DataDirectory) { Ping = stop => Ping(settings, stop) };
    }

    private static async Task<string?> Ping(ServerSettings settings, CancellationToken ct)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync("127.0.0.1", settings.Port, ct);
            using var reader = new StreamReader(connection.GetStream());
            await using var writer = new StreamWriter(connection.GetStream()) { NewLine = "\r\n", AutoFlush = true };
            if (await reader.ReadLineAsync(ct) is not ['2', '2', '0', ..] and var greeting) return $"the mail catcher greets with {greeting ?? "nothing"}";
            await writer.WriteLineAsync("QUIT");

            using var page = await Pings.Http.GetAsync($"http://127.0.0.1:{settings.Options["web_port"]}/", ct);
            return page.IsSuccessStatusCode ? Disk.Complaint(settings.DataDirectory) : $"the mail catcher's page answers {(int)page.StatusCode}";
        }
        catch (Exception e) when (e is SocketException or IOException or HttpRequestException)
        {
            return $"the mail catcher does not answer on port {settings.Port}: {e.Message}";
        }
    }
}
