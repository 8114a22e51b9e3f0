using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FitFlow.Data;

/// <summary>Routes that may be called again with the same <c>Idempotency-Key</c>.</summary>
public static class IdempotentRoutes
{
    /// <summary>
    /// A request with an <c>Idempotency-Key</c> is done once. The first transaction whose result is what the route answers keeps that answer with
    /// what it did, and whoever sends the same again gets it again. So such a route decides and answers in one transaction.
    /// </summary>
    public static TBuilder Idempotent<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder
    {
        // Around all of it, and not as a filter: when filters run, the body has been read.
        routes.Add(endpoint =>
        {
            var handle = endpoint.RequestDelegate ?? throw new InvalidOperationException("There is nothing to call.");
            var pattern = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText ?? throw new InvalidOperationException("Idempotent() is for routes.");
            endpoint.RequestDelegate = http => http.RequestServices.GetRequiredService<Idempotency.Idempotency>().Run(http, pattern, handle);
        });
        return routes.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = Idempotency.Idempotency.KeyHeader,
                In = ParameterLocation.Header,
                Description = "Made for each intention. The same request under the same key is done once, and answered the same, for 24 hours.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Idempotency.Idempotency.LongestKey },
            });
            return Task.CompletedTask;
        });
    }
}
