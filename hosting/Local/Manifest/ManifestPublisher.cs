using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Hosting.Local.Manifest;

/// <summary>--publisher manifest --output-path FILE</summary>
internal static class ManifestPublisher
{
    public static async Task Publish(IServiceProvider services, CancellationToken ct)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var publisher = configuration["Publishing:Publisher"] ?? "manifest";
        if (!string.Equals(publisher, "manifest", StringComparison.OrdinalIgnoreCase))
            throw new LocalHostingException($"there is no publisher '{publisher}'; there is: manifest");
        if (configuration["Publishing:OutputPath"] is not { Length: > 0 } output)
            throw new LocalHostingException("say where the manifest goes: --output-path FILE");

        // A folder is taken as Aspire takes it: the manifest goes into it.
        if (Directory.Exists(output)) output = Path.Combine(output, "aspire-manifest.json");
        output = Path.GetFullPath(output);
        var json = await Write(services.GetRequiredService<DistributedApplicationModel>(), services.GetRequiredService<DistributedApplicationExecutionContext>(), output, ct);
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        AtomicFile.Write(output, json);
        Console.WriteLine($"Published manifest to: {output}");
    }

    internal static async Task<string> Write(DistributedApplicationModel model, DistributedApplicationExecutionContext execution, string path, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            await new ManifestWriter(json, execution, path, ct).WriteModel(model);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
