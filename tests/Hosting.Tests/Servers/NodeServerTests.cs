using System.Net;
using System.Net.Mail;
using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

public sealed class NodeServerTests(ServersOfThisCheckout servers) : IClassFixture<ServersOfThisCheckout>
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task S3HasItsBucketsWithObjectsThatOutliveARestart()
    {
        var settings = servers.Settings("s3", options: ("buckets", "photos,exports"));
        await using (var first = await RunningServer.Start(await S3Server.Prepare(settings, servers.Store, default)))
        {
            Assert.Equal(HttpStatusCode.OK, (await Ask(settings, HttpMethod.Put, settings.UserName)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await Ask(settings, HttpMethod.Put, "stranger")).Status);
            await first.Stop();
        }

        await using var second = await RunningServer.Start(await S3Server.Prepare(settings, servers.Store, default));
        Assert.Equal((HttpStatusCode.OK, "hello"), await Ask(settings, HttpMethod.Get, settings.UserName));
    }

    [Fact]
    public async Task MailIsCaughtAndOutlivesARestart()
    {
        var webPort = RunningServer.FreePort();
        var settings = servers.Settings("mail", options: ("web_port", $"{webPort}"));
        await using (var first = await RunningServer.Start(await MailServer.Prepare(settings, servers.Store, default)))
        {
            using var client = new SmtpClient("127.0.0.1", settings.Port);
            await client.SendMailAsync("studio@example.com", "ana@example.com", "Welcome to FitFlow", "Hello, Ana.");
            Assert.Contains("Welcome to FitFlow", await Http.GetStringAsync($"http://127.0.0.1:{webPort}/email"));
            await first.Stop();
        }

        await using var second = await RunningServer.Start(await MailServer.Prepare(settings, servers.Store, default));
        Assert.Contains("Welcome to FitFlow", await Http.GetStringAsync($"http://127.0.0.1:{webPort}/email"));
    }

    [Fact]
    public async Task WithoutNodeItIsOneLineThatSaysWhatToInstall()
    {
        var store = new ServerStore(servers.Scratch("no-node"), servers.Say) { SearchPath = servers.Scratch("nothing") };
        var error = await Assert.ThrowsAsync<LocalHostingException>(() => S3Server.Prepare(servers.Settings("s3-no-node"), store, default));
        Assert.StartsWith("node is not on PATH: install Node.js 20", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutARegistryItIsOneLine()
    {
        var path = servers.Scratch("broken-npm");
        await File.WriteAllTextAsync(Path.Combine(path, "npm"), "#!/bin/sh\necho 'npm error network request failed' >&2\nexit 1\n");
        File.SetUnixFileMode(Path.Combine(path, "npm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var store = new ServerStore(servers.Scratch("no-registry"), servers.Say) { SearchPath = $"{path}:{Environment.GetEnvironmentVariable("PATH")}" };

        var error = await Assert.ThrowsAsync<LocalHostingException>(() => MailServer.Prepare(servers.Settings("mail-no-npm"), store, default));

        Assert.Equal("s3rver and maildev cannot be installed: npm ci says: npm error network request failed", error.Message);
    }

    // s3rver looks at the key's name only: it knows no way to check a signature of version 4.
    private static async Task<(HttpStatusCode Status, string Body)> Ask(ServerSettings settings, HttpMethod method, string accessKey)
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{settings.Port}/photos/hello.txt");
        if (method == HttpMethod.Put) request.Content = new StringContent("hello");
        var now = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        request.Headers.Add("x-amz-date", now);
        request.Headers.Add("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={accessKey}/{now[..8]}/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0");
        using var answer = await Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
