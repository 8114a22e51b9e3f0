namespace FitFlow.Identity.Tests;

/// What people and attackers put into text fields. Each is kept to the letter, or refused as a whole.
public sealed class OddTexts : TheoryData<string>
{
    public OddTexts()
    {
        Add("'; DROP TABLE users; --");
        Add("\" OR 1=1 /*");
        Add("\\'; SELECT SLEEP(9) #");
        Add("@fitflow_tenant := NULL");
        Add("100% _under_ ` $x {{y}} ${z}");
        Add("Zoë \U0001F3CB\uFE0F‍♀️ ǅ ﷽");
        Add("e\u0301 and é are not made the same");
        Add("\u202Egnp.exe\u202C \u200B\u00AD");
        Add("<script>alert(1)</script>");
        Add("a\0b");
    }
}
