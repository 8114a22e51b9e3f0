using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace FitFlow.ServiceDefaults;

/// <summary>What is wrong, by the field's path as the JSON names it: <c>address.street</c>, <c>items[2].name</c>.</summary>
internal sealed class Errors
{
    private const int Enough = 50;

    private readonly Dictionary<string, List<string>> _messages = new(StringComparer.Ordinal);

    public int Count => _messages.Count;

    public bool AreEnough => _messages.Count >= Enough;

    public IReadOnlyDictionary<string, string[]> ByField =>
        _messages.ToDictionary(found => found.Key, found => found.Value.ToArray(), StringComparer.Ordinal);

    public void Add(string path, string message)
    {
        if (!_messages.TryGetValue(path, out var list)) _messages[path] = list = [];
        list.Add(message);
    }
}

/// <summary>Applies rules to values, all the way down.</summary>
internal static class Validator
{
    public static void CheckValue(Shape shape, object? value, string path, IServiceProvider services, Errors errors)
    {
        if (value is null || errors.AreEnough) return;
        switch (shape)
        {
            case Shape.Text text when ((string)value).Length > text.MaxLength:
                errors.Add(path, $"is longer than {text.MaxLength} characters");
                break;
            case Shape.List list:
                CheckList(list, (IEnumerable)value, path, services, errors);
                break;
            case Shape.Map map:
                CheckMap(map, (IDictionary)value, path, services, errors);
                break;
            case Shape.Object rules:
                CheckObject(rules, value, path, services, errors);
                break;
        }
    }

    public static void CheckMember(MemberRules member, object owner, object? value, string path, IServiceProvider services, Errors errors)
    {
        var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
        if (value is null && member.IsRequired)
        {
            errors.Add(at, "is required");
            return;
        }

        var before = errors.Count;
        var context = new ValidationContext(owner, services, items: null) { MemberName = member.MemberName, DisplayName = member.Name };
        foreach (var attribute in member.Attributes)
        {
            if (attribute.GetValidationResult(value, context) is { } result) errors.Add(at, result.ErrorMessage ?? "is not valid");
        }

        if (errors.Count == before) CheckValue(member.Shape, value, at, services, errors);
    }

    private static void CheckObject(Shape.Object shape, object value, string path, IServiceProvider services, Errors errors)
    {
        var before = errors.Count;
        foreach (var member in shape.Members) CheckMember(member.Rules, value, member.Read(value), path, services, errors);

        // Rules between fields make sense once each field does.
        if (errors.Count > before || value is not IValidatableObject validatable) return;
        foreach (var result in validatable.Validate(new ValidationContext(value, services, items: null)))
        {
            if (result == ValidationResult.Success) continue;
            foreach (var name in result.MemberNames.DefaultIfEmpty(""))
            {
                var field = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
                errors.Add(path.Length == 0 || field.Length == 0 ? path + field : $"{path}.{field}", result.ErrorMessage ?? "is not valid");
            }
        }
    }

    private static void CheckList(Shape.List shape, IEnumerable values, string path, IServiceProvider services, Errors errors)
    {
        var index = 0;
        foreach (var item in values)
        {
            if (index >= shape.MaxCount)
            {
                errors.Add(path, $"has more than {shape.MaxCount} entries");
                return;
            }

            var at = $"{path}[{index++}]";
            if (item is null && shape.ItemsRequired) errors.Add(at, "is required");
            else CheckValue(shape.Item, item, at, services, errors);
        }
    }

    private static void CheckMap(Shape.Map shape, IDictionary values, string path, IServiceProvider services, Errors errors)
    {
        if (values.Count > shape.MaxCount)
        {
            errors.Add(path, $"has more than {shape.MaxCount} entries");
            return;
        }

        foreach (DictionaryEntry entry in values) CheckValue(shape.Item, entry.Value, $"{path}.{entry.Key}", services, errors);
    }
}
