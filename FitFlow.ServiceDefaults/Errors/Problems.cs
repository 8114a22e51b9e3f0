using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// Every error that leaves a service, as RFC 9457 says it: a stable <c>code</c> for programs, a <c>detail</c> for people, the correlation id for us.
/// </summary>
public static class Problems
{
    /// <summary>400: the request itself is wrong, field by field; fields are named as in the JSON.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors, string code = "request.invalid") =>
        Of(StatusCodes.Status400BadRequest, code, "Some fields are missing or not valid.", ("errors", errors));

    public static ProblemHttpResult Invalid(string field, string error, string code = "request.invalid") =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [error] }, code);

    /// <summary>401: who is calling is not known.</summary>
    public static ProblemHttpResult Unauthorized(string code, string detail = "Sign in to do this.") =>
        Of(StatusCodes.Status401Unauthorized, code, detail);

    /// <summary>403: who is calling is known, and may not.</summary>
    public static ProblemHttpResult Forbidden(string code, string detail = "You may not do this.") =>
        Of(StatusCodes.Status403Forbidden, code, detail);

    public static ProblemHttpResult NotFound(string code = "not_found", string detail = "There is nothing here.") =>
        Of(StatusCodes.Status404NotFound, code, detail);

    /// <summary>409: a rule of the business stands against it.</summary>
    public static ProblemHttpResult Conflict(string code, string detail, params (string Name, object? Value)[] extensions) =>
        Of(StatusCodes.Status409Conflict, code, detail, extensions);

    /// <summary>503: something that this request needs does not answer. Throw a <see cref="DependencyDownException"/> to get it with Retry-After.</summary>
    public static ProblemHttpResult Unavailable(string dependency) =>
        Of(StatusCodes.Status503ServiceUnavailable, "dependency.unavailable", $"{dependency} does not answer. Try again shortly.",
            ("dependency", dependency));

    /// <summary>Any other.</summary>
    public static ProblemHttpResult Of(int status, string code, string detail, params (string Name, object? Value)[] extensions)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code };
        if (Correlation.Current is { } correlation) members["correlation_id"] = correlation.Id;
        foreach (var (name, value) in extensions) members[name] = value;
        return TypedResults.Problem(detail, statusCode: status, title: TitleOf(status), extensions: members);
    }

    /// <summary>The code and words for a status that nobody has said more about.</summary>
    internal static ProblemHttpResult Plain(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Of(status, "request.malformed", "The request could not be read."),
        StatusCodes.Status401Unauthorized => Unauthorized("auth.required"),
        StatusCodes.Status403Forbidden => Forbidden("auth.forbidden"),
        StatusCodes.Status404NotFound => NotFound(),
        StatusCodes.Status405MethodNotAllowed => Of(status, "method_not_allowed", "This address does not take that method."),
        StatusCodes.Status408RequestTimeout => Of(status, "request.too_slow", "The request took too long to arrive."),
        StatusCodes.Status413PayloadTooLarge => Of(status, "request.too_large", "The request is larger than this address takes."),
        StatusCodes.Status415UnsupportedMediaType => Of(status, "request.not_json", "Send application/json."),
        StatusCodes.Status429TooManyRequests => Of(status, "too_many_requests", "Too many requests. Try again shortly."),
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable => Of(status, "unavailable", "Not available right now. Try again shortly."),
        StatusCodes.Status504GatewayTimeout => Of(status, "timeout", "This took too long. Try again shortly."),
        >= 500 => Of(status, "internal_error", "Something went wrong on our side."),
        _ => Of(status, "request.refused", "The request was refused."),
    };

    private static string TitleOf(int status) =>
        Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
            ? phrase
            : status.ToString(CultureInfo.InvariantCulture);
}
