using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Gateway.Docs;

internal static class ShowApiDescription
{
    public static async Task<Utf8ContentHttpResult> Handle(ApiDescription description, HttpContext http, CancellationToken ct)
    {
        var json = await description.Get(ct);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(json, "application/json");
    }
}
