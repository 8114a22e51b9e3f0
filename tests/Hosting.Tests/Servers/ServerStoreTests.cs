using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

public sealed class ServerStoreTests(ServersOfThisCheckout servers) : IClassFixture<ServersOfThisCheckout>
{
    [Fact]
    public async Task OfManyWhoAskAtOnceOneUnpacks()
    {
        var folder = servers.Scratch("together");
        var said = new List<string>();
        void Say(string line)
        {
            lock (said) said.Add(line);
        }

        // Stores of their own, as processes have; the lock is between processes and works between these too.
        var roots = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new ServerStore(folder, Say).Unpack(PackageSet.Redis, default))));

        Assert.Single(roots.Distinct());
        Assert.Single(said, line => line.Contains("unpacked (", StringComparison.Ordinal));
        Assert.True(File.Exists(roots[0].Program("redis-server")));
        Assert.Empty(Directory.GetDirectories(folder, "*.debs"));
    }

    [Fact]
    public async Task AnInterruptedUnpackIsTakenUpAgain()
    {
        var folder = servers.Scratch("resumed");
        var machine = await Distribution.OfThisMachine(default);
        var root = Path.Combine(folder, $"redis-{machine.Codename}-{machine.Architecture}");
        Directory.CreateDirectory(Path.Combine($"{root}.part-1", "usr/bin"));
        Directory.CreateDirectory(Path.Combine($"{root}.debs", "partial"));
        // Half a package, and one that the mirror no longer has.
        await File.WriteAllTextAsync(Path.Combine($"{root}.debs", "partial", "redis-server_1_amd64.deb"), "half");
        await File.WriteAllTextAsync(Path.Combine($"{root}.debs", "redis-server_1%3a0.1_amd64.deb"), "stale");

        var unpacked = await new ServerStore(folder, servers.Say).Unpack(PackageSet.Redis, default);

        Assert.True(File.Exists(unpacked.Program("redis-server")));
        Assert.Empty(Directory.GetDirectories(folder, "*.part-*"));
    }

    [Fact]
    public async Task AMirrorThatCannotBeReachedIsOneLine()
    {
        var machine = await Distribution.OfThisMachine(default);
        var apt = servers.Scratch("unreachable-apt");
        await File.WriteAllTextAsync(Path.Combine(apt, "sources.list"), $"deb http://127.0.0.1:1/debian {machine.Codename} main\n");
        var store = new ServerStore(servers.Scratch("unreachable"), servers.Say) { AptDirectory = apt };

        var error = await Assert.ThrowsAsync<LocalHostingException>(() => store.Unpack(PackageSet.Redis, default));

        Assert.StartsWith("redis is not on PATH and cannot be unpacked: the package mirror cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Could not connect", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task APackageThatIsGoneIsOneLine()
    {
        var error = await Assert.ThrowsAsync<LocalHostingException>(() => new ServerStore(servers.Scratch("gone"), servers.Say).Unpack(new PackageSet("no-such", ["no-such-server"]), default));
        Assert.Equal("no-such is not on PATH and cannot be unpacked: E: Unable to locate package no-such-server", error.Message);
    }

    [Fact]
    public async Task AFolderThatCannotBeWrittenIsOneLine()
    {
        var file = Path.Combine(servers.Scratch("file"), "servers");
        await File.WriteAllTextAsync(file, "");
        var error = await Assert.ThrowsAsync<LocalHostingException>(() => new ServerStore(file, servers.Say).Unpack(PackageSet.Redis, default));
        Assert.StartsWith("redis is not on PATH and cannot be unpacked: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dpkg-deb (subprocess): cannot copy archive member\ndpkg-deb: error: failed to write (No space left on device)\ntar: exiting", "dpkg-deb: error: failed to write (No space left on device)")]
    [InlineData("npm warn old\nnpm error code ENOTFOUND\nnpm error network", "npm error code ENOTFOUND")]
    [InlineData("2026 [Note] starting\n2026 [ERROR] [InnoDB] cannot write\nAborting", "2026 [ERROR] [InnoDB] cannot write")]
    [InlineData("one\ntwo\n", "two")]
    [InlineData("", "exit code 7")]
    public void OfWhatAProgramPrintsTheTellingLineIsShown(string printed, string shown) =>
        Assert.Equal(shown, new Tool(7, "", printed).Complaint);

    [Fact]
    public void PathComesFirstAndServersMayStandInSbin()
    {
        var path = servers.Scratch("some-path");
        File.WriteAllText(Path.Combine(path, "mysqld"), "");
        var store = new ServerStore(servers.Scratch("unused"), servers.Say) { SearchPath = path };
        Assert.Null(store.OnPath("mysqld"));
        File.SetUnixFileMode(Path.Combine(path, "mysqld"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal(Path.Combine(path, "mysqld"), store.OnPath("mysqld"));
        Assert.Equal("/usr/sbin/ldconfig", store.OnPath("nothing-of-this-name", "ldconfig"));
    }
}
