namespace FitFlow.Identity.Tests;

internal static class Alike
{
    /// Status, headers and body: nothing that a stranger could tell two answers apart by, but the time of day and the correlation id.
    public static async Task ShouldBeTheSame(HttpResponseMessage one, HttpResponseMessage other)
    {
        Assert.Equal(one.StatusCode, other.StatusCode);
        Assert.Equal(Headers(one), Headers(other));
        Assert.Equal(await Body(one), await Body(other));
    }

    private static IEnumerable<string> Headers(HttpResponseMessage answer) => answer.Headers.Concat(answer.Content.Headers)
        .Where(header => !header.Key.StartsWith("RateLimit", StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Key is "Date" or "X-Correlation-Id" ? header.Key : $"{header.Key}: {string.Join(", ", header.Value)}")
        .Order(StringComparer.Ordinal);

    private static async Task<string> Body(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return answer.Headers.TryGetValues("X-Correlation-Id", out var id) ? body.Replace(id.Single(), "", StringComparison.Ordinal) : body;
    }
}
