using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults;

/// <summary>JSON over HTTP: as everywhere, and stricter about what comes in than events may be.</summary>
internal static class HttpJson
{
    public static void AddHttpJson(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            var options = Json.Configure(json.SerializerOptions);
            options.AllowDuplicateProperties = false;
            options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireValues);
        });
        // The error middleware says what was wrong in every environment, not only in development.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>
    /// A missing number, date or id must not silently become zero: value types of a record's constructor without a default have to be there.
    /// Missing texts and objects arrive as null, and validation names them all at once.
    /// </summary>
    private static void RequireValues(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Set is not null
                && property.AssociatedParameter is { HasDefaultValue: false, ParameterType: { IsValueType: true } value }
                && Nullable.GetUnderlyingType(value) is null)
            {
                property.IsRequired = true;
            }
        }
    }
}
