using System.Net.Sockets;
using System.Text;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Servers;

internal static class RedisServer
{
    public static async Task<Launch> Prepare(ServerSettings settings, ServerStore store, CancellationToken ct)
    {
        var program = store.OnPath("redis-server", "valkey-server");
        var environment = new Dictionary<string, string>();
        if (program is null)
        {
            var unpacked = await store.Unpack(PackageSet.Redis, ct);
            (program, environment) = (unpacked.Program("redis-server"), unpacked.Environment);
        }

        var data = PrivateFile.Folder(settings.DataDirectory);
        var configuration = Path.Combine(data, "redis.conf");
        // In a file, since arguments are seen by everyone on the machine.
        PrivateFile.Write(configuration, $"""
            bind 127.0.0.1
            port {settings.Port}
            requirepass {Quoted(settings.Password)}
            dir {Quoted(data)}
            appendonly yes
            appendfsync everysec
            save {settings.Options.GetValueOrDefault("save", "\"\"")}
            daemonize no

            """);
        return new Launch(program, [configuration], environment, data) { Ping = stop => Ping(settings, stop) };
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", @"\\").Replace("\"", "\\\"")}\"";

    private static async Task<string?> Ping(ServerSettings settings, CancellationToken ct)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync("127.0.0.1", settings.Port, ct);
            var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);

            if (settings.Password.Length > 0 && await Ask("AUTH", settings.Password) is not "+OK" and var refused) return $"Redis refuses its password: {refused}";
            return await Ask("PING") is not "+PONG" and var answer ? $"Redis answers {answer}" : Disk.Complaint(settings.DataDirectory);

            async Task<string> Ask(params string[] words)
            {
                var command = $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"))}";
                await stream.WriteAsync(Encoding.UTF8.GetBytes(command), ct);
                return await reader.ReadLineAsync(ct) ?? "nothing";
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return $"Redis does not answer on port {settings.Port}: {e.Message}";
        }
    }
}
