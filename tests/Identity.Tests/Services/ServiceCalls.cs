using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Services;

/// Calls as one service makes them to another: not through the gateway, and with a token of its own.
internal static class ServiceCalls
{
    public static async Task<HttpResponseMessage> AskForServiceToken(this RunningSystem system, string name, string secret)
    {
        using var http = new HttpClient { BaseAddress = system.Service("identity") };
        return await http.PostAsJsonAsync("/api/v1/auth/service-token", new { client_id = name, client_secret = secret });
    }

    public static async Task<string> ServiceToken(this RunningSystem system)
    {
        var answer = await system.AskForServiceToken(system.ServiceCredentials.Name, system.ServiceCredentials.Secret);
        return (await answer.Read()).GetProperty("access_token").GetString()!;
    }

    /// Whoever has this token, at whichever address.
    public static async Task<HttpResponseMessage> Get(Uri service, string path, string? token)
    {
        using var http = new HttpClient { BaseAddress = service };
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.GetAsync(path);
    }
}
