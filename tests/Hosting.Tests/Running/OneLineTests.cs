using System.Net;
using System.Net.Sockets;
using FitFlow.Hosting.Local;

namespace FitFlow.Hosting.Tests.Running;

/// <summary>What is wrong on a machine is said in one line that a person can act on, and the exit code is 1.</summary>
public sealed class OneLineTests
{
    [Fact]
    public async Task CorruptSecrets()
    {
        await using var host = new SmallHost();
        await File.WriteAllTextAsync(host.Home.SecretsFile, "{ not json");
        File.SetUnixFileMode(host.Home.SecretsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await Says(host, $"the secrets in {host.Home.SecretsFile} are not valid JSON");
        Assert.Equal("{ not json", await File.ReadAllTextAsync(host.Home.SecretsFile));
    }

    [Fact]
    public async Task SecretsThatOthersMayRead()
    {
        await using var host = new SmallHost();
        await File.WriteAllTextAsync(host.Home.SecretsFile, "{}");
        File.SetUnixFileMode(host.Home.SecretsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        await Says(host, $"the secrets in {host.Home.SecretsFile} may be read by others (mode 604); set it right with: chmod 600");
    }

    [Fact]
    public async Task AParameterWithoutAValue()
    {
        await using var host = new SmallHost();

        await Says(host, "the parameter 'needed' has no value; set Parameters__needed", "--Missing=parameter");
    }

    [Theory]
    [InlineData("tool", "toolless: 'no-such-tool' is not on PATH; install it")]
    [InlineData("project", "unbuilt: the project ")]
    [InlineData("stand-in", "elsewhere: nothing stands in here for the container image 'library/postgres'")]
    public async Task SomethingIsMissing(string what, string line)
    {
        await using var host = new SmallHost();

        await Says(host, line, $"--Missing={what}");
    }

    [Fact]
    public async Task AServiceThatFailsAtItsStart()
    {
        await using var host = new SmallHost();

        await Says(host, "failing ended with exit code 134 (signal 6): Unhandled exception. System.InvalidOperationException: no licence", "--Fail=no licence");
    }

    [Fact]
    public async Task APortThatMustBeThatOneIsTaken()
    {
        await using var host = new SmallHost();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await Says(host, $"port {port} is taken, and first needs that very port", $"--Required={port}");
    }

    [Fact]
    public async Task AHomeThatCannotBeWritten()
    {
        var file = Path.GetTempFileName();

        foreach (var dll in new[] { new[] { Programs.SmallAppHost }, [Programs.Cli, "up", "--detach", Programs.SmallAppHost] })
        {
            var run = await Command.RunIn(Path.Combine(file, "home"), dll[0], dll[1..]);
            IsOneLine(run, $"cannot write to {file}/home: ");
        }

        File.Delete(file);
    }

    [Fact]
    public void AFullDisk()
    {
        var full = Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "a line"));

        Assert.StartsWith("the disk is full", OneLine.Reason(full));
    }

    /// <summary>Whether a person sees it come up or not.</summary>
    private static async Task Says(SmallHost host, string line, params string[] args)
    {
        IsOneLine(await host.Up(args), line);
        Assert.Empty(host.Processes());
        Assert.Equal(3, (await host.Cli("status")).ExitCode);
    }

    private static void IsOneLine(Command run, string line)
    {
        Assert.StartsWith($"fitflow: {line}", run.Errors);
        Assert.DoesNotContain('\n', run.Errors);
        Assert.Equal(1, run.ExitCode);
    }
}
