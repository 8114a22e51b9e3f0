using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// A record taken as the query (<c>[AsParameters]</c>) with rules on its parameters, such as <c>[Range]</c>, breaks the description of the whole
/// service: what the framework puts in place of such a parameter answers with an array of the wrong type when it is asked for them. The
/// description is given the constructor's own parameter instead.
/// </summary>
internal sealed class RecordParameters : IApiDescriptionProvider
{
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        foreach (var parameter in context.Results.SelectMany(route => route.ParameterDescriptions))
        {
            if (parameter.ParameterDescriptor is IParameterInfoParameterDescriptor { ParameterInfo: { Member: PropertyInfo property } stand }
                && OfConstructor(property, stand) is { } own)
            {
                // Said as it is written in addresses, where case does not matter, unless the parameter says otherwise.
                if (parameter.Name == property.Name) parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name);
                parameter.ParameterDescriptor = new Described(own) { Name = parameter.Name, ParameterType = own.ParameterType };
            }
        }
    }

    private static ParameterInfo? OfConstructor(PropertyInfo property, ParameterInfo stand) =>
        property.DeclaringType?.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .FirstOrDefault(parameter => parameter.Name == stand.Name && parameter.ParameterType == stand.ParameterType);

    private sealed class Described(ParameterInfo parameter) : ParameterDescriptor, IParameterInfoParameterDescriptor
    {
        public ParameterInfo ParameterInfo => parameter;
    }
}
