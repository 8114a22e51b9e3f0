using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FitFlow.Gateway.Docs;

/// The page at /docs: three files that travel inside the program.
internal static class DocsPage
{
    private static readonly File HtmlFile = Read("docs.html", "text/html; charset=utf-8");
    private static readonly File CssFile = Read("docs.css", "text/css; charset=utf-8");
    private static readonly File ScriptFile = Read("docs.js", "text/javascript; charset=utf-8");

    private sealed record File(byte[] Bytes, string Type, EntityTagHeaderValue Tag);

    public static FileContentHttpResult Html(HttpContext http) => Send(http, HtmlFile);

    public static FileContentHttpResult Css(HttpContext http) => Send(http, CssFile);

    public static FileContentHttpResult Script(HttpContext http) => Send(http, ScriptFile);

    private static FileContentHttpResult Send(HttpContext http, File file)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.File(file.Bytes, file.Type, entityTag: file.Tag);
    }

    private static File Read(string name, string type)
    {
        using var stream = typeof(DocsPage).Assembly.GetManifestResourceStream($"docs/{name}")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var bytes = copy.ToArray();
        return new(bytes, type, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16]}\""));
    }
}
