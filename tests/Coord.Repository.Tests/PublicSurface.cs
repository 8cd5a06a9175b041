using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Coord.Repository.Tests;

/// <summary>Every public type and member of a project, one line each, as the source declares it.</summary>
internal static partial class PublicSurface
{
    public static IReadOnlyList<string> Of(IEnumerable<CSharpFile> files) =>
        [.. files.SelectMany(f => f.Types).Where(IsVisible).SelectMany(Lines).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(BaseTypeDeclarationSyntax type)
    {
        var name = FullName(type);
        yield return $"{name}: {Header(type)}";
        if (type is EnumDeclarationSyntax list)
        {
            foreach (var member in list.Members)
                yield return $"{name}.{OneLine(member.WithAttributeLists([]))}";
        }
        else if (type is TypeDeclarationSyntax { Members: var members })
        {
            var isInterface = type is InterfaceDeclarationSyntax;
            var visible = members.Where(m => m is not BaseTypeDeclarationSyntax && (isInterface || IsPublic(m)));
            foreach (var member in visible)
                yield return $"{name}: {Signature(member)}";
        }
    }

    private static bool IsVisible(BaseTypeDeclarationSyntax type) =>
        IsPublic(type) && type.Ancestors().OfType<BaseTypeDeclarationSyntax>().All(IsPublic);

    private static bool IsPublic(MemberDeclarationSyntax member) =>
        member.Modifiers.Any(SyntaxKind.PublicKeyword) || member.Modifiers.Any(SyntaxKind.ProtectedKeyword);

    private static string FullName(BaseTypeDeclarationSyntax type)
    {
        var outer = type.Ancestors().OfType<BaseTypeDeclarationSyntax>().Select(t => t.Identifier.Text).Reverse();
        var space = type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Select(n => n.Name.ToString());
        return string.Join('.', [.. space, .. outer, type.Identifier.Text]);
    }

    // A declaration without attributes and members.
    private static string Header(BaseTypeDeclarationSyntax type)
    {
        var bare = type switch
        {
            RecordDeclarationSyntax r => r.WithMembers([]).WithOpenBraceToken(default).WithCloseBraceToken(default),
            TypeDeclarationSyntax t => t.WithMembers([]),
            EnumDeclarationSyntax e => e.WithMembers([]),
            _ => type,
        };
        return OneLine(bare.WithAttributeLists([])).Replace(" partial", "", StringComparison.Ordinal)
            .TrimEnd(';', '{', '}', ' ');
    }

    private static string Signature(MemberDeclarationSyntax member) => OneLine(member.WithAttributeLists([]) switch
    {
        ConstructorDeclarationSyntax c =>
            c.WithBody(null).WithExpressionBody(null).WithInitializer(null).WithSemicolonToken(default),
        BaseMethodDeclarationSyntax m => m.WithBody(null).WithExpressionBody(null).WithSemicolonToken(default),
        PropertyDeclarationSyntax p => Bare(p),
        IndexerDeclarationSyntax i => i.WithExpressionBody(null),
        var other => other,
    });

    // Which accessors others can use, and nothing of what they do.
    private static PropertyDeclarationSyntax Bare(PropertyDeclarationSyntax property)
    {
        var semicolon = SyntaxFactory.Token(SyntaxKind.SemicolonToken);
        var accessors = property.AccessorList?.Accessors.Where(a => a.Modifiers.Count == 0)
            .Select(a => a.WithBody(null).WithExpressionBody(null).WithSemicolonToken(semicolon))
            ?? [SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration).WithSemicolonToken(semicolon)];
        return property.WithAccessorList(SyntaxFactory.AccessorList(SyntaxFactory.List(accessors)))
            .WithExpressionBody(null).WithInitializer(null).WithSemicolonToken(default);
    }

    private static string OneLine(SyntaxNode node) =>
        Space().Replace(Comments.Remove(node).NormalizeWhitespace().ToFullString(), " ").Trim().TrimEnd(';');

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private sealed class Comments : CSharpSyntaxRewriter
    {
        public static SyntaxNode Remove(SyntaxNode node) => new Comments().Visit(node);

        public override SyntaxTrivia VisitTrivia(SyntaxTrivia trivia) =>
            trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia) ? trivia : default;
    }
}
