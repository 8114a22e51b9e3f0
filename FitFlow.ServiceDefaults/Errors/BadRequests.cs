using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.ServiceDefaults;

/// <summary>Puts what the framework could not bind into words that name the field and not our types.</summary>
internal static partial class BadRequests
{
    public static ProblemHttpResult Say(BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest) return Problems.Plain(bad.StatusCode);
        if (bad.InnerException is JsonException json) return SayJson(json);

        // "Failed to bind parameter "Guid id" from "x"." and 'Required parameter "string q" was not provided from query string.'
        return Parameter().Match(bad.Message) is { Success: true } parameter
            ? Problems.Invalid(
                JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Groups["name"].Value),
                bad.Message.StartsWith("Required", StringComparison.Ordinal) ? "is required" : "is not valid")
            : Problems.Plain(StatusCodes.Status400BadRequest);
    }

    private static ProblemHttpResult SayJson(JsonException json)
    {
        var at = json.Path is { Length: > 1 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";

        var missing = Missing().Match(json.Message);
        if (missing.Success)
        {
            return Problems.Invalid(Quoted().Matches(missing.Groups["names"].Value)
                .Select(name => name.Groups["name"].Value)
                .ToDictionary(name => at.Length == 0 ? name : $"{at}.{name}", _ => new[] { "is required" }, StringComparer.Ordinal));
        }

        return at.Length == 0
            ? Problems.Of(StatusCodes.Status400BadRequest, "request.malformed", "The body is not the JSON that is expected here.")
            : Problems.Invalid(at, "is not valid");
    }

    [GeneratedRegex("""parameter "[^"]*?(?<name>\w+)" """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter();

    [GeneratedRegex("missing required properties including: (?<names>.*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Missing();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Quoted();
}
