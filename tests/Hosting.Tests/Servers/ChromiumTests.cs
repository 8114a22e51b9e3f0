using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

/// The browser of the tests as a machine gets it that has none, and none of its libraries either.
[Trait("speed", "slow")]
public sealed class ChromiumTests(ServersOfThisCheckout servers) : IClassFixture<ServersOfThisCheckout>
{
    // What belongs to the machine's own loader.
    private static readonly string[] CLibrary = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2", "libutil.so.1"];

    [Fact]
    public async Task UnpackedItBringsEveryLibraryButTheCLibrary()
    {
        var root = Path.GetDirectoryName(await Chromium.Find(WithoutABrowser(), default))!;
        var unpacked = new UnpackedServer(root);
        var libraries = new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = $"{unpacked.LibraryPath}:{unpacked.LibraryPath.Split(':')[0]}/pulseaudio" };

        var linked = await Tool.Run("/usr/bin/ldd", [unpacked.At("usr/lib/chromium/chromium")], default, libraries);

        Assert.True(linked.Succeeded, linked.Errors);
        var outside = linked.Output.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Contains("=>", StringComparison.Ordinal) && !line.Contains(root, StringComparison.Ordinal))
            .Select(line => line.Split(' ')[0]);
        Assert.Empty(outside.Except(CLibrary));
    }

    [Fact]
    public async Task UnpackedItStartsAndPaintsLetters()
    {
        var launcher = await Chromium.Find(WithoutABrowser(), default);
        var home = servers.Scratch("chromium-home");
        const string Page = "<canvas></canvas><script>"
            + "const brush = document.querySelector('canvas').getContext('2d'); brush.font = '40px sans-serif';"
            + "const drawn = letter => { brush.clearRect(0, 0, 300, 150); brush.fillText(letter, 50, 100); return brush.getImageData(0, 0, 300, 150).data.join() };"
            + "document.title = new Set(['E', 'W', ' '].map(drawn)).size + ' letters'</script>";

        var shown = await Tool.Run("/usr/bin/env",
        [
            "-i", $"HOME={home}", launcher, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={home}/profile", "--dump-dom", $"data:text/html,{Uri.EscapeDataString(Page)}",
        ], default);

        Assert.True(shown.Succeeded, shown.Errors);
        Assert.Contains("<title>3 letters</title>", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Fontconfig error", shown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheMachinesOwnComesFirst()
    {
        var path = servers.Scratch("browser-path");
        await File.WriteAllTextAsync(Path.Combine(path, "chromium"), "");
        File.SetUnixFileMode(Path.Combine(path, "chromium"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var found = await Chromium.Find(new ServerStore(servers.Scratch("browser-unused"), servers.Say) { SearchPath = path }, default);

        Assert.Equal(Path.Combine(path, "chromium"), found);
    }

    private ServerStore WithoutABrowser() => new(ServersOfThisCheckout.Folder, servers.Say) { SearchPath = servers.Scratch("no-browser") };
}
