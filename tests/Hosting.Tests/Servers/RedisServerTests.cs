using System.Net.Sockets;
using System.Text;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

public sealed class RedisServerTests(ServersOfThisCheckout servers) : IClassFixture<ServersOfThisCheckout>
{
    [Fact]
    public async Task KeepsItsKeysThroughAStop()
    {
        var settings = servers.Settings("redis");
        await using (var first = await RunningServer.Start(await RedisServer.Prepare(settings, servers.Store, default)))
        {
            Assert.Equal("+OK", await Say(settings, "SET greeting hello"));
            await first.Stop();
        }

        await using var second = await RunningServer.Start(await RedisServer.Prepare(settings, servers.Store, default));
        Assert.Equal("$5", await Say(settings, "GET greeting"));
    }

    [Fact]
    public async Task APasswordThatIsRefusedIsThePingsReason()
    {
        var settings = servers.Settings("redis-password", @"it's ""one\two"" #x");
        var server = await RedisServer.Prepare(settings, servers.Store, default);
        Assert.Contains("does not answer", await server.Ping(default));

        await using var running = await RunningServer.Start(server);
        var stranger = await RedisServer.Prepare(settings with { DataDirectory = servers.Scratch("other"), Password = "wrong" }, servers.Store, default);
        Assert.Contains("WRONGPASS", await stranger.Ping(default));
        Assert.StartsWith("-NOAUTH", await Ask(settings.Port, "GET greeting"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SavesNowAndThenWhenToldTo()
    {
        var settings = servers.Settings("redis-save", options: ("save", "60 1"));
        await using var running = await RunningServer.Start(await RedisServer.Prepare(settings, servers.Store, default));
        Assert.Equal("+OK", await Say(settings, "SET greeting hello"));
        await running.Stop();
        Assert.True(File.Exists(Path.Combine(settings.DataDirectory, "dump.rdb")));
    }

    [Fact]
    public async Task NeedsNoPassword()
    {
        await using var running = await RunningServer.Start(await RedisServer.Prepare(servers.Settings("redis-open", ""), servers.Store, default));
        await running.Stop();
    }

    [Fact]
    public async Task AServerOnPathIsTakenInstead()
    {
        var unpacked = await servers.Store.Unpack(PackageSet.Redis, default);
        var path = servers.Scratch("path");
        // What stands on PATH is usually a link; its libraries are the machine's business, here the environment's.
        await File.WriteAllTextAsync(Path.Combine(path, "redis-server"), $"#!/bin/sh\nLD_LIBRARY_PATH='{unpacked.LibraryPath}' exec '{unpacked.Program("redis-server")}' \"$@\"\n");
        File.SetUnixFileMode(Path.Combine(path, "redis-server"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var store = new ServerStore(servers.Scratch("empty"), servers.Say) { SearchPath = $"{path}:{Environment.GetEnvironmentVariable("PATH")}" };

        var server = await RedisServer.Prepare(servers.Settings("redis-path"), store, default);

        Assert.Equal(Path.Combine(path, "redis-server"), server.FileName);
        await using var running = await RunningServer.Start(server);
    }

    private static Task<string> Say(ServerSettings settings, string command) => Ask(settings.Port, $"AUTH {settings.Password}", command);

    private static async Task<string> Ask(int port, params string[] commands)
    {
        using var connection = new TcpClient("127.0.0.1", port);
        using var reader = new StreamReader(connection.GetStream());
        var answer = "";
        foreach (var command in commands)
        {
            await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{command}\r\n"));
            answer = await reader.ReadLineAsync() ?? "";
        }
        return answer;
    }
}
