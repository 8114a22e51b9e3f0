namespace FitFlow.Data.Tests;

public sealed class ScriptTests
{
    [Fact]
    public void SemicolonsInLiteralsNamesAndCommentsEndNothing() => Assert.Equal(
        ["SELECT 'a;b', \"c;''\\\";\", `d;e`", "/* f;g */ SELECT 1 -- h;i", "SELECT 2 # j;k", "SELECT 3 --4"],
        Script.Statements("SELECT 'a;b', \"c;''\\\";\", `d;e`; /* f;g */ SELECT 1 -- h;i\n; SELECT 2 # j;k\n;; SELECT 3 --4;\n-- only this;\n/* and this */"));

    [Fact]
    public void BodiesStandBetweenTheirOwnDelimiters() => Assert.Equal(
        ["CREATE TABLE t (id INT)", "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET @x = 1; SET @y = '$$'; END", "DROP TABLE t"],
        Script.Statements("CREATE TABLE t (id INT);\nDELIMITER $$\nCREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET @x = 1; SET @y = '$$'; END$$\r\ndelimiter ;\r\nDROP TABLE t"));

    [Fact]
    public void ABodyWithoutDelimiterIsSaidToNeedOne()
    {
        var e = Assert.Throws<MigrationException>(() => Script.Statements("CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET @x = 1; END;"));
        Assert.Contains("DELIMITER $$", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsNothing() => Assert.Empty(Script.Statements("\n-- nothing yet\n"));

    [Fact]
    public void ConditionalCommentsAreStatements() => Assert.Equal(["/*!80000 SET @a = 1 */"], Script.Statements("/*!80000 SET @a = 1 */;"));

    [Theory]
    [InlineData("SELECT id FROM bookings WHERE x = 1", "SELECT bookings")]
    [InlineData("INSERT INTO bookings (id) VALUES (1)", "INSERT bookings")]
    [InlineData("  UPDATE `bookings` SET x = 1", "UPDATE bookings")]
    [InlineData("DELETE FROM bookings", "DELETE bookings")]
    [InlineData("SELECT 1", "SELECT")]
    [InlineData("-- why\nWITH x AS (SELECT 1 FROM rooms) SELECT * FROM x", "WITH rooms")]
    public void AStatementHasANameForTraces(string sql, string name) => Assert.Equal(name, Statement.Of(sql).Name);

    [Fact]
    public void AStatementsParametersAreItsNamesOutsideOfLiterals() => Assert.Equal(
        ["Id", "Other_1"],
        Statement.Of("SELECT @Id, '@No', `@no`, @id -- @no\n, @@version, @Other_1 /* @no */").Names);
}
