//! What is wrong with a value of a recipe, or with a manifest.

macro_rules! values {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // What is wrong with a value.
            FieldUnknown: "The recipe has no such parameter", "该配方没有此参数";
            FieldRequired: "A value is needed", "必填";
            FieldNotInteger: "Write a whole number", "请填写整数";
            FieldNotNumber: "Write a number", "请填写数字";
            FieldNotText: "Write text", "请填写文本";
            FieldNotBoolean: "Say true or false", "请填写 true 或 false";
            FieldNotList: "Give a list of texts", "请给出文本列表";
            FieldNotLabels: "Give labels as KEY=VALUE", "请以 KEY=VALUE 形式给出标签";
            FieldNotEnvironment: "Give variables as NAME=VALUE, or name a Secret and its key", "请以 NAME=VALUE 形式给出变量，或指定 Secret 及其键";
            FieldTooSmall: "At least {least}", "不得小于 {least}";
            FieldTooLarge: "At most {most}", "不得大于 {most}";
            FieldTooShort: "At least {count} {count?character:characters}", "至少 {count} 个字符";
            FieldTooLong: "At most {count} {count?character:characters}", "最多 {count} 个字符";
            FieldTooMany: "At most {count} {count?entry:entries}", "最多 {count} 项";
            FieldNotAnOption: "One of {options}", "可选值：{options}";
            FieldWrongForm: "It has to match {pattern}", "须匹配 {pattern}";
            FieldInvisible: "It has a character that cannot be seen: {letter}", "含有不可见字符：{letter}";
            FieldNotAName: "Lowercase letters, digits and hyphens, a letter or digit at both ends, at most {count} characters", "仅限小写字母、数字和连字符，首尾须为字母或数字，最多 {count} 个字符";
            FieldNotAQuantity: "Write an amount such as 16Gi, 500m or 4", "请填写数量，如 16Gi、500m 或 4";
            FieldNotAnImage: "Write an image reference such as registry.example/team/server:1.4", "请填写镜像引用，如 registry.example/team/server:1.4";
            FieldNotAModel: "Name the model as {examples}", "请按此形式填写模型：{examples}";
            FieldNotASecretKey: "Name a Secret of the namespace and a key in it", "请指定命名空间中的 Secret 及其键";
            FieldNotAVariable: "`{name}` is no name of an environment variable", "`{name}` 不是合法的环境变量名";
            FieldRepeated: "`{name}` is there twice", "`{name}` 重复";
            FieldSecretInPlain: "`{name}` looks like a secret: take it from a Secret of the namespace", "`{name}` 疑似机密：请引用命名空间中的 Secret";
            FieldNotALabel: "`{name}` and its value are no label", "`{name}` 及其值不是合法标签";

            // What is wrong with a manifest.
            ManifestUnreadable: "Line {line} is no YAML: {message}", "第 {line} 行不是合法 YAML：{message}";
            ManifestMissing: "There is no manifest", "没有清单";
            ManifestNotAMapping: "Line {line}: a manifest is a mapping with apiVersion, kind and metadata", "第 {line} 行：清单须为包含 apiVersion、kind 和 metadata 的映射";
            ManifestFieldMissing: "Line {line}: the manifest has no {field}", "第 {line} 行：清单缺少 {field}";
            ManifestFieldNotText: "Line {line}: {field} has to be text; put it in quotes", "第 {line} 行：{field} 须为文本，请加引号";
            ManifestGeneratedName: "Line {line}: write metadata.name instead of generateName, so that it can be found again", "第 {line} 行：请用 metadata.name 代替 generateName，以便再次找到该对象";
            ManifestList: "Line {line}: write each object as a document of its own, divided by ---", "第 {line} 行：请将每个对象写成独立文档，以 --- 分隔";
            ManifestSecret: "Line {line}: create the Secret by itself and refer to it; what is kept of a release holds none", "第 {line} 行：请单独创建 Secret 再引用；发布记录不保存机密";
            ManifestRepeated: "Line {line}: {object} is there twice", "第 {line} 行：{object} 重复";
        ] $($after)* }
    };
}
