using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Tests.Processes;

public sealed class LogFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fitflow-logs-").FullName;

    private string File => Path.Combine(_folder, "service.log");

    [Fact]
    public void AStartKeepsTheLogOfTheRunBefore()
    {
        using (var first = new LogFile(File)) first.Write("of the first run");
        using (var second = new LogFile(File)) second.Write("of the second run");

        Assert.Equal("of the second run\n", System.IO.File.ReadAllText(File));
        Assert.Equal("of the first run\n", System.IO.File.ReadAllText(LogFile.Before(File)));
    }

    [Fact]
    public void ALogNeverGrowsWithoutEnd()
    {
        var line = new string('x', 1_000_000);
        using (var log = new LogFile(File))
            for (var i = 0; i < 60; i++) log.Write(line);

        Assert.InRange(Directory.GetFiles(_folder).Sum(f => new FileInfo(f).Length), 1, 40_000_000);
    }

    [Fact]
    public void AFullDiskLosesLinesAndNothingElse()
    {
        var isFull = true;
        using (var log = new LogFile(File, file => isFull ? Full() : System.IO.File.Create(file)))
        {
            for (var i = 0; i < 3; i++) log.Write("lost");
        }

        using (var log = new LogFile(File, file => isFull ? throw new IOException("No space left on device", 28) : System.IO.File.Create(file)))
        {
            log.Write("lost");
            log.Write("lost, too");
            isFull = false;
            log.Write("kept");
            log.Write("and more");
        }

        Assert.Equal("(2 lines could not be written here)\nkept\nand more\n", System.IO.File.ReadAllText(File));

        static FileStream Full() => new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    [Fact]
    public async Task AProcessWhoseLogFailsIsReadToItsEnd()
    {
        // More than a pipe holds: whoever is not read any more would never end.
        var child = ChildProcess.Start(new Launch("seq", ["100000"], new Dictionary<string, string>(), _folder), "none", _ => throw new IOException("No space left on device"));

        Assert.Equal(0, await child.Exited.WaitAsync(TimeSpan.FromSeconds(60)));
        await Eventually.Holds(() => child.LastLines.Contains("100000"), "its last line is read");
    }

    [Fact]
    public async Task WhoFollowsALogSeesTheNextStart()
    {
        var home = new Home(_folder, _folder);
        Directory.CreateDirectory(home.LogsDirectory);
        using (var first = new LogFile(home.LogFile("service"))) first.Write("of the first run");
        using var follower = Command.Start(_folder, Programs.Cli, "logs", "service", "-f");
        Assert.Equal("of the first run", await follower.StandardOutput.ReadLineAsync());

        using var second = new LogFile(home.LogFile("service"));
        second.Write("2nd");
        Assert.Equal("2nd", await follower.StandardOutput.ReadLineAsync());
        second.Write("and more");
        Assert.Equal("and more", await follower.StandardOutput.ReadLineAsync());

        follower.Kill();
        await follower.WaitForExitAsync();
    }

    [Fact]
    public async Task ALogThatIsNotThereIsOneLine()
    {
        var run = await Command.RunIn(_folder, Programs.Cli, "logs", "nobody");

        Assert.Equal((1, "fitflow: there is no log of 'nobody'; there are: "), (run.ExitCode, run.Errors + " "));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
