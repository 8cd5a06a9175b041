using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Coord.Repository.Tests;

/// <summary>How types are written: one public type a file, sealed, summarised, named by a noun of the field.</summary>
public class ShapeTests
{
    // Each hides a better noun (CONTRIBUTING.md, "Names").
    private static readonly string[] BannedAnywhere =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Processor", "Master", "Slave"];

    private static readonly string[] BannedAtTheEnd = ["Data", "Info"];

    [Fact]
    public void Type_names_use_the_words_of_the_field() =>
        SourceTree.AssertNone(CSharpFile.All.SelectMany(BannedNames), "Names that hide a better noun:");

    [Fact]
    public void A_file_under_src_has_one_public_type_or_one_closed_family() =>
        SourceTree.AssertNone(CSharpFile.Production.SelectMany(SecondPublicTypes), "More than one public type:");

    [Fact]
    public void Classes_under_src_are_sealed_unless_something_derives_from_them()
    {
        var bases = CSharpFile.All.SelectMany(f => f.Types).SelectMany(BaseNames).ToHashSet(StringComparer.Ordinal);
        SourceTree.AssertNone(CSharpFile.Production.SelectMany(f => OpenClasses(f, bases)), "Not sealed:");
    }

    [Fact]
    public void Types_under_src_have_a_summary() =>
        SourceTree.AssertNone(CSharpFile.Production.SelectMany(WithoutSummary), "Types without a summary:");

    [Fact]
    public void No_exception_is_swallowed_without_saying_why() =>
        SourceTree.AssertNone(CSharpFile.All.SelectMany(SilentCatches), "Empty catch blocks without a comment:");

    [Fact]
    public void Planted_faults_are_found()
    {
        var file = CSharpFile.Parse(new SourceFile("src/A.cs", """
            public class SessionManager { void M() { try { } catch { } } }
            public sealed class WatchData { }
            /// <summary>Said.</summary>
            public sealed class SetDataRequest { void M() { try { } catch { /* said why */ } } }
            """));
        Assert.Equal(["src/A.cs: SessionManager", "src/A.cs: WatchData"], BannedNames(file));
        Assert.Equal(["src/A.cs: WatchData", "src/A.cs: SetDataRequest"], SecondPublicTypes(file));
        Assert.Equal(["src/A.cs: SessionManager"], OpenClasses(file, []));
        Assert.Equal(["src/A.cs: SessionManager", "src/A.cs: WatchData"], WithoutSummary(file));
        Assert.Equal(["src/A.cs:1"], SilentCatches(file));
    }

    private static IEnumerable<string> BannedNames(CSharpFile file) =>
        from type in file.Types
        let words = Words(type.Identifier.Text)
        where words.Any(BannedAnywhere.Contains) || BannedAtTheEnd.Contains(words[^1])
        select $"{file.Path}: {type.Identifier.Text}";

    private static IEnumerable<string> SecondPublicTypes(CSharpFile file)
    {
        var types = file.Types.Where(t => t.Parent is not TypeDeclarationSyntax && Has(t, SyntaxKind.PublicKeyword))
            .ToArray();
        var first = types.FirstOrDefault()?.Identifier.Text;
        return types.Skip(1).Where(t => t.Identifier.Text != first && !BaseNames(t).Contains(first!))
            .Select(t => $"{file.Path}: {t.Identifier.Text}");
    }

    private static IEnumerable<string> OpenClasses(CSharpFile file, HashSet<string> bases) =>
        from type in file.Types
        where type.IsKind(SyntaxKind.ClassDeclaration) || type.IsKind(SyntaxKind.RecordDeclaration)
        where !Has(type, SyntaxKind.SealedKeyword) && !Has(type, SyntaxKind.AbstractKeyword)
        where !Has(type, SyntaxKind.StaticKeyword) && !Has(type, SyntaxKind.PartialKeyword)
        where !bases.Contains(type.Identifier.Text)
        select $"{file.Path}: {type.Identifier.Text}";

    private static IEnumerable<string> WithoutSummary(CSharpFile file) =>
        from type in file.Types
        where !Has(type, SyntaxKind.PrivateKeyword) && type.Parent is not TypeDeclarationSyntax
        let comment = type.GetLeadingTrivia().ToFullString()
        where !comment.Contains("<summary>", StringComparison.Ordinal)
            && !comment.Contains("<inheritdoc", StringComparison.Ordinal)
        where !IsRestatedPart(type)
        select $"{file.Path}: {type.Identifier.Text}";

    private static IEnumerable<string> SilentCatches(CSharpFile file) =>
        from clause in file.Catches
        where clause.Block.Statements.Count == 0
        where !clause.Block.DescendantTrivia().Any(IsComment)
        select $"{file.Path}:{file.LineOf(clause)}";

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);

    // A partial type says its summary once.
    private static bool IsRestatedPart(BaseTypeDeclarationSyntax type) => Has(type, SyntaxKind.PartialKeyword)
        && CSharpFile.Production.SelectMany(f => f.Types).Any(other => other.Identifier.Text == type.Identifier.Text
            && other.GetLeadingTrivia().ToFullString().Contains("<summary>", StringComparison.Ordinal));

    private static IEnumerable<string> BaseNames(BaseTypeDeclarationSyntax type) =>
        type.BaseList?.Types.Select(t => t.Type.ToString().Split('<')[0].Split('.')[^1]) ?? [];

    private static bool Has(MemberDeclarationSyntax type, SyntaxKind kind) => type.Modifiers.Any(kind);

    private static string[] Words(string name) =>
        System.Text.RegularExpressions.Regex.Matches(name, "[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")
            .Select(m => m.Value).DefaultIfEmpty(name).ToArray();
}
