namespace FitFlow.Gateway.Edge;

internal static class EdgePipeline
{
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.AddBrowsers();

        // It writes each address down as it came, with the token that may be in it, before anybody could take it out.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);

        // And where it goes: the address of a calendar's feed is a secret.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Warning);
    }

    /// What comes before everything that a service does too: it sees requests as the world sent them, and answers as the world gets them.
    public static void UseEdge(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<OutsideHeaders>();
        app.UseMiddleware<LiveTokens>();
        app.UseCors();
    }
}
