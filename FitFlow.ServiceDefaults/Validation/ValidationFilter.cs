using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// Checks every argument of a handler before the handler runs: attributes on the parameter itself, and whole records from the body. It is put
/// on with the access rule, which no route can do without.
/// </summary>
internal static class ValidationFilter
{
    public static void AddTo(EndpointBuilder endpoint)
    {
        if (!endpoint.Metadata.OfType<MethodInfo>().Any() || endpoint.Metadata.OfType<Marker>().Any()) return;
        endpoint.Metadata.Add(Marker.Instance);
        endpoint.FilterFactories.Add(Create);
    }

    private static EndpointFilterDelegate Create(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var services = context.ApplicationServices.GetService<IServiceProviderIsService>();
        var checks = context.MethodInfo.GetParameters()
            .Select((parameter, index) => CheckFor(parameter, index, services))
            .OfType<Check>()
            .ToArray();
        if (checks.Length == 0) return next;

        return invocation =>
        {
            var errors = new Errors();
            foreach (var check in checks) check(invocation, errors);
            return errors.Count == 0 ? next(invocation) : new ValueTask<object?>(Problems.Invalid(errors.ByField));
        };
    }

    private delegate void Check(EndpointFilterInvocationContext invocation, Errors errors);

    private static Check? CheckFor(ParameterInfo parameter, int index, IServiceProviderIsService? services)
    {
        var type = parameter.ParameterType;
        if (type == typeof(Caller) || services?.IsService(type) == true) return null;

        var attributes = parameter.GetCustomAttributes<ValidationAttribute>().ToArray();
        var shape = Shape.Of(type);
        if (attributes.Length == 0 && shape is Shape.Nothing) return null;

        var name = parameter.GetCustomAttributes().OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
            ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name ?? "");
        var member = new MemberRules(name, parameter.Name ?? name, attributes, IsRequired: false, shape);
        return (invocation, errors) =>
        {
            var value = invocation.Arguments[index];
            // A record is the body itself: its fields are named from the top.
            if (shape is Shape.Object) Validator.CheckValue(shape, value, "", invocation.HttpContext.RequestServices, errors);
            else Validator.CheckMember(member, invocation, value, "", invocation.HttpContext.RequestServices, errors);
        };
    }

    private sealed class Marker
    {
        public static Marker Instance { get; } = new();
    }
}
