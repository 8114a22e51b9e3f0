using System.Net;
using System.Text.Json;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Gateway.Dashboards;

internal static class Refusals
{
    /// Who may not see a person, or asks for nobody, gets no page about them.
    public static ProblemHttpResult? Of(Part profile) => profile.Refusal switch
    {
        HttpStatusCode.Unauthorized => Problems.Unauthorized(profile.Problem ?? "auth.required"),
        HttpStatusCode.Forbidden => Problems.Forbidden(profile.Problem ?? "auth.forbidden"),
        HttpStatusCode.NotFound => Problems.NotFound(profile.Problem ?? "not_found"),
        _ => null,
    };

    public static IReadOnlyList<string> NamesOfMissing(params (string Name, JsonElement? Value)[] parts) =>
        [.. parts.Where(part => part.Value is null).Select(part => part.Name)];
}
