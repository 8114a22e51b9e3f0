using FitFlow.Gateway.Routing;
using FitFlow.ServiceDefaults;

namespace FitFlow.Gateway.Docs;

/// What there is to call, for programs (/openapi/v1.json) and for people (/docs).
internal static class Docs
{
    public static void AddDocs(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(nameof(ApiDescription), http =>
        {
            http.Timeout = TimeSpan.FromSeconds(3);
            http.MaxResponseContentBufferSize = 8 * 1024 * 1024;
        }).AddServiceDiscovery();
        builder.Services.AddSingleton<ApiDescription>();
    }

    public static void MapDocs(this WebApplication app)
    {
        var docs = app.MapGroup("").Public().ExcludeFromDescription();

        docs.MapGet($"/openapi/{Routes.Version}.json", ShowApiDescription.Handle);
        docs.MapGet("/docs", DocsPage.Html);
        docs.MapGet("/docs/docs.css", DocsPage.Css);
        docs.MapGet("/docs/docs.js", DocsPage.Script);
    }
}
