using System.Net.Sockets;
using System.Security.Authentication;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Servers;

internal static class MySqlServer
{
    public static async Task<Launch> Prepare(ServerSettings settings, ServerStore store, CancellationToken ct)
    {
        PrivateFile.Folder(settings.DataDirectory);
        var engine = await Choose(settings, store, ct);
        settings.Say($"{engine}");
        return Process(settings, engine);
    }

    public static async Task CreateDatabase(ServerSettings settings, string database, CancellationToken ct)
    {
        try
        {
            await using var conversation = await MySqlConversation.Begin(settings.Port, "root", settings.Password, ct);
            await conversation.Execute($"CREATE DATABASE IF NOT EXISTS `{database.Replace("`", "``")}` CHARACTER SET utf8mb4", ct);
        }
        catch (Exception e) when (e is MySqlRefusal or SocketException or IOException or AuthenticationException)
        {
            throw new LocalHostingException($"database {database} cannot be created: {e.Message}", e);
        }
    }

    /// <summary>What is asked for; else MySQL, or MariaDB when MySQL cannot be had and has no data here already.</summary>
    private static async Task<MySqlEngine> Choose(ServerSettings settings, ServerStore store, CancellationToken ct)
    {
        switch (settings.Options.GetValueOrDefault("engine"))
        {
            case "mariadb":
                return await WithData(settings, await MySqlEngine.MariaDb(store, ct), ct);
            case "mysql":
                return await WithData(settings, await MySqlEngine.MySql(store, ct), ct);
            case null:
                break;
            case var other:
                throw new LocalHostingException($"FITFLOW_MYSQL is mysql or mariadb, not {other}");
        }

        try
        {
            return await WithData(settings, await MySqlEngine.MySql(store, ct), ct);
        }
        catch (LocalHostingException e) when (!Directory.Exists(DataOf(settings, "MySQL")))
        {
            settings.Say($"ATTENTION: no MySQL ({e.Message}). MariaDB runs in its place: close to it, but not what production runs.");
            return await WithData(settings, await MySqlEngine.MariaDb(store, ct), ct);
        }
    }

    // Each engine has data of its own: neither opens the other's, and one that tries may spoil it.
    private static string DataOf(ServerSettings settings, string product) => Path.Combine(settings.DataDirectory, product.ToLowerInvariant());

    private static async Task<MySqlEngine> WithData(ServerSettings settings, MySqlEngine engine, CancellationToken ct)
    {
        var data = DataOf(settings, engine.Product);
        PrivateFile.CheckPassword(settings, data);
        if (Directory.Exists(data)) return engine;

        settings.Say($"making the data of {engine} in {data} (once)");
        // Half-made data looks whole to the server that opens it.
        await WholeFolder.Make(data, async part =>
        {
            var made = await engine.MakeData(part, ct);
            if (!made.Succeeded) throw new LocalHostingException($"{engine.Product} cannot make its data in {data}: {made.Complaint}");
        });
        return engine;
    }

    private static Launch Process(ServerSettings settings, MySqlEngine engine)
    {
        var data = DataOf(settings, engine.Product);
        var firstWords = $"{data}.sql";
        PrivateFile.Write(firstWords, FirstWords(settings.Password, engine.IsMariaDb));
        List<string> arguments =
        [
            .. engine.Arguments(data),
            "--bind-address=127.0.0.1",
            $"--port={settings.Port}",
            // Relative to the data: a socket's whole path has 107 characters at most.
            "--socket=mysql.sock",
            $"--pid-file={Path.Combine(data, "mysql.pid")}",
            $"--init-file={firstWords}",
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
            "--default-time-zone=+00:00",
            // Every commit is on disk before it is answered. The binary log would be synced besides, and nobody here reads it.
            "--innodb-flush-log-at-trx-commit=1",
            "--skip-log-bin",
            "--innodb-buffer-pool-size=256M",
            "--performance-schema=OFF",
            // Threads of their own for the log pay on many cores; on two they take the time of those who wait for it.
            "--loose-innodb-log-writer-threads=OFF",
            // Said last, and so they hold.
            .. settings.Arguments,
        ];
        return new Launch(engine.FileName, arguments, engine.Environment, data) { Ping = ct => Ping(settings, engine, ct) };
    }

    /// <summary>Said before the first client is let in, at each start: they change nothing once they have been said.</summary>
    private static string FirstWords(string password, bool isMariaDb)
    {
        var quoted = $"'{password.Replace(@"\", @"\\").Replace("'", "''")}'";
        // MariaDB's script leaves accounts without a password, for 127.0.0.1 and for nobody at all.
        var forget = isMariaDb
            ? "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host NOT IN ('localhost', '%'));\nFLUSH PRIVILEGES;\n"
            : "";
        return $"""
            {forget}CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY {quoted};
            GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
            ALTER USER 'root'@'localhost' IDENTIFIED BY {quoted};

            """;
    }

    private static async Task<string?> Ping(ServerSettings settings, MySqlEngine engine, CancellationToken ct)
    {
        try
        {
            await using var conversation = await MySqlConversation.Begin(settings.Port, "root", settings.Password, ct);
            await conversation.Execute("SELECT 1", ct);
            return Disk.Complaint(settings.DataDirectory);
        }
        catch (MySqlRefusal e)
        {
            return $"{engine.Product} refuses: {e.Message}";
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            return $"{engine.Product} does not answer on port {settings.Port}: {e.Message}";
        }
    }
}
