using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

public sealed class MySqlServerTests(ServersOfThisCheckout servers) : IClassFixture<ServersOfThisCheckout>
{
    private const int DuplicateKey = 1062;

    public static TheoryData<string> Engines => ["mysql", "mariadb"];

    [Theory, MemberData(nameof(Engines))]
    public async Task KeepsWhatWasCommittedThroughAStopAndAKill(string engine)
    {
        var settings = servers.Settings($"stop-{engine}", options: ("engine", engine));
        await using (var first = await Start(settings))
        {
            await MySqlServer.CreateDatabase(settings, "identitydb", default);
            await MySqlServer.CreateDatabase(settings, "identitydb", default);
            await Say(settings, "CREATE TABLE identitydb.users (id INT PRIMARY KEY)", "INSERT INTO identitydb.users VALUES (1)");
            await first.Stop();
        }

        await using (var second = await Start(settings))
        {
            await Say(settings, "INSERT INTO identitydb.users VALUES (2)");
            await second.Crash();
        }

        await using var third = await Start(settings);
        foreach (var id in (int[])[1, 2])
        {
            var refusal = await Assert.ThrowsAsync<MySqlRefusal>(() => Say(settings, $"INSERT INTO identitydb.users VALUES ({id})"));
            Assert.Equal(DuplicateKey, refusal.Number);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task AnotherPasswordThanTheDatasIsOneLineBeforeTheStart(string engine)
    {
        var settings = servers.Settings($"secret-{engine}", "first", ("engine", engine));
        await MySqlServer.Prepare(settings, servers.Store, default);

        var error = await Assert.ThrowsAsync<LocalHostingException>(() => MySqlServer.Prepare(settings with { Password = "second" }, servers.Store, default));

        Assert.Contains("was made with another password", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        await MySqlServer.Prepare(settings, servers.Store, default);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task APasswordThatIsRefusedIsThePingsReason(string engine)
    {
        // Quotes and backslashes are what a statement would trip over.
        var settings = servers.Settings($"ping-{engine}", @"it's ""one\two"" #ünï", ("engine", engine));
        var server = await MySqlServer.Prepare(settings, servers.Store, default);
        Assert.Contains("does not answer", await server.Ping(default));

        await using var running = await RunningServer.Start(server);
        var stranger = await MySqlServer.Prepare(settings with { DataDirectory = servers.Scratch($"other-{engine}"), Password = "wrong" }, servers.Store, default);
        Assert.Contains("Access denied", await stranger.Ping(default));

        var refused = await Assert.ThrowsAsync<LocalHostingException>(() => MySqlServer.CreateDatabase(settings with { Password = "wrong" }, "x", default));
        Assert.Contains("Access denied", refused.Message);
        await Assert.ThrowsAsync<MySqlRefusal>(() => MySqlConversation.Begin(settings.Port, "root", "", default));
        await Assert.ThrowsAsync<MySqlRefusal>(() => MySqlConversation.Begin(settings.Port, "", "", default));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task ServesFromAFolderWithALongNameAndSpaces(string engine)
    {
        var name = $"{engine} {new string('x', 120)}";
        await using var running = await Start(servers.Settings(name, options: ("engine", engine)));
        await running.Stop();
    }

    [Fact]
    public async Task AMySqlOnPathIsTakenAndAMariaDbByThatNameIsNot()
    {
        var mysql = await MySqlEngine.MySql(servers.Store, default);
        var mariaDb = await MySqlEngine.MariaDb(servers.Store, default);
        var path = servers.Scratch("path");
        var store = new ServerStore(ServersOfThisCheckout.Folder, servers.Say) { SearchPath = $"{path}:{Environment.GetEnvironmentVariable("PATH")}" };

        await Script(Path.Combine(path, "mysqld"), $"LD_LIBRARY_PATH='{mariaDb.Environment["LD_LIBRARY_PATH"]}' exec '{mariaDb.FileName}' \"$@\"");
        Assert.NotNull((await MySqlEngine.MySql(store, default)).Unpacked);

        var share = mysql.Unpacked!.At("usr/share/mysql");
        await Script(Path.Combine(path, "mysqld"), $"exec '{mysql.FileName}' {string.Join(' ', mysql.Leading.Select(word => $"'{word}'"))} \"$@\" --lc-messages-dir='{share}'");
        var found = await MySqlEngine.MySql(store, default);
        Assert.Null(found.Unpacked);
        Assert.Equal(mysql.Version, found.Version);
        await using var running = await RunningServer.Start(await MySqlServer.Prepare(servers.Settings("mysql-path"), store, default));
    }

    [Fact]
    public async Task HalfMadeDataIsMadeAgain()
    {
        var settings = servers.Settings("half", options: ("engine", "mariadb"));
        Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "mariadb.part-1", "mysql"));

        await using var running = await Start(settings);

        Assert.False(Directory.Exists(Path.Combine(settings.DataDirectory, "mariadb.part-1")));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task TemporaryTablesOfOthersAreLeftAlone(string engine)
    {
        var othersTable = Path.Combine(Path.GetTempPath(), $"#sql-temptable-{engine}{Environment.ProcessId}-1-1.MAI");
        await File.WriteAllTextAsync(othersTable, "in use by another server on this machine");
        try
        {
            await using var running = await Start(servers.Settings($"others-{engine}", options: ("engine", engine)));

            Assert.True(File.Exists(othersTable));
        }
        finally
        {
            File.Delete(othersTable);
        }
    }

    [Fact]
    public async Task WithoutMySqlMariaDbRunsLoudly()
    {
        var settings = servers.Settings("fallback");
        var store = await StoreWithout("mysql", "fallback");

        await using var running = await RunningServer.Start(await MySqlServer.Prepare(settings, store, default));

        Assert.Contains(servers.Said, line => line.StartsWith("ATTENTION: no MySQL (", StringComparison.Ordinal));
        Assert.Contains(servers.Said, line => line.StartsWith("MariaDB 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MySqlsDataIsNeverLeftForAnEmptyMariaDb()
    {
        var settings = servers.Settings("kept");
        Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "mysql"));
        var store = await StoreWithout("mysql", "kept");

        var error = await Assert.ThrowsAsync<LocalHostingException>(() => MySqlServer.Prepare(settings, store, default));

        Assert.StartsWith("mysql is not on PATH and cannot be unpacked: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoAsksForMySqlGetsNoMariaDb()
    {
        var store = await StoreWithout("mysql", "asked");

        var error = await Assert.ThrowsAsync<LocalHostingException>(() => MySqlServer.Prepare(servers.Settings("asked", options: ("engine", "mysql")), store, default));

        Assert.StartsWith("mysql is not on PATH and cannot be unpacked: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownEngineIsOneLine()
    {
        var error = await Assert.ThrowsAsync<LocalHostingException>(() => MySqlServer.Prepare(servers.Settings("odd", options: ("engine", "oracle")), servers.Store, default));
        Assert.Equal("FITFLOW_MYSQL is mysql or mariadb, not oracle", error.Message);
    }

    // A store whose packages cannot be had, but for those of this checkout that are not named.
    private async Task<ServerStore> StoreWithout(string set, string name)
    {
        await servers.Store.Unpack(PackageSet.MariaDb, default);
        var folder = servers.Scratch($"store-{name}");
        foreach (var unpacked in Directory.GetDirectories(ServersOfThisCheckout.Folder).Where(path => !Path.GetFileName(path).StartsWith(set, StringComparison.Ordinal)))
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(unpacked)), unpacked);
        return new ServerStore(folder, servers.Say) { AptDirectory = servers.Scratch($"no-apt-{name}") };
    }

    private static async Task Script(string file, string line)
    {
        await File.WriteAllTextAsync(file, $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<RunningServer> Start(ServerSettings settings) => await RunningServer.Start(await MySqlServer.Prepare(settings, servers.Store, default));

    private static async Task Say(ServerSettings settings, params string[] statements)
    {
        await using var conversation = await MySqlConversation.Begin(settings.Port, "root", settings.Password, default);
        foreach (var statement in statements) await conversation.Execute(statement, default);
    }
}
