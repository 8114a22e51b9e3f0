namespace FitFlow.Gateway.Edge;

internal static class EdgePipeline
{
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
