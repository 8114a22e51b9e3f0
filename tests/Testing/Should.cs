using System.Net;
using System.Text.Json;
using Xunit;

namespace FitFlow.Testing;

/// <summary>Our few words over xunit's Assert.</summary>
public static class Should
{
    /// <summary>Says the body when the status is another: it holds the reason.</summary>
    public static void ShouldBe(this HttpResponseMessage response, HttpStatusCode expected)
    {
        if (response.StatusCode != expected)
        {
            Assert.Fail($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}, "
                + $"not {(int)expected}: {response.Content.ReadAsStringAsync().GetAwaiter().GetResult()}");
        }
    }

    /// <summary>An RFC 9457 problem with this status and stable code.</summary>
    public static async Task<JsonElement> ShouldBeProblem(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        response.ShouldBe(status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Read();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("correlation_id").GetString()));
        return problem;
    }

    public static void ShouldBe<T>(this T actual, T expected) => Assert.Equal(expected, actual);
}
