using Aspire.Hosting;

namespace FitFlow.Hosting.Tests.Running;

public sealed class JavaScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fitflow-web-").FullName;

    [Fact]
    public async Task AnApplicationGetsItsPackagesAndItsPort()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "greeting"));
        await Write("greeting/package.json", """{"name":"greeting","version":"1.0.0","main":"index.js"}""");
        await Write("greeting/index.js", "module.exports = 'hello';");
        await Write("package.json", """{"name":"web","version":"1.0.0","scripts":{"dev":"node server.js"},"dependencies":{"greeting":"file:./greeting"}}""");
        await Write("server.js", """
            const greeting = require('greeting');
            require('http').createServer((_, answer) => answer.end(greeting + ' ' + process.argv.slice(2).join(' '))).listen(process.env.PORT, 'localhost');
            """);

        await using var app = await LocalApplication.Start(builder => builder.AddViteApp("web", _folder));
        await app.Healthy("web");
        using var client = app.Client("web");

        Assert.Equal($"hello --port {client.BaseAddress!.Port}", await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task PackagesThatCannotBeHadAreTheReason()
    {
        await Write("package.json", """{"name":"web","version":"1.0.0","scripts":{"dev":"node server.js"},"dependencies":{"greeting":"file:./nowhere"}}""");
        await Write("package-lock.json", "{}");

        await using var app = await LocalApplication.Start(builder => builder.AddViteApp("web", _folder));

        Assert.StartsWith("web: npm ci ended with exit code 1: ", await app.FailsBecause("web"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task Write(string file, string text) => File.WriteAllTextAsync(Path.Combine(_folder, file), text);
}
